using System.Net;
using System.Text.Json;
using MediatR;
using Microsoft.Extensions.Time.Testing;
using TicketBooth.Accounts.Contracts;
using TicketBooth.Accounts.Tests.Support;
using TicketBooth.BuildingBlocks.Kernel;
using TicketBooth.Testing;

namespace TicketBooth.Accounts.Tests;

/// <summary>Staff who are invited by a link, and accounts that are disabled.</summary>
internal sealed class InvitationTests(Provider provider) : AccountsFixture(provider)
{
    private const string Chosen = "a-password-of-my-own";
    private const string Address = "198.51.100.7";

    private readonly FakeTimeProvider clock = new(new DateTimeOffset(2026, 12, 1, 20, 0, 0, TimeSpan.Zero));
    private TestHost host = null!;
    private Actor admin = null!;

    [OneTimeSetUp]
    public async Task StartAsync()
    {
        host = await StartHostAsync(clock);
        var administrators = (await SendAsync(new FindUsers(Role: "admin"))).Value.Items;
        admin = new Actor(administrators[0].Id, administrators[0].Name);
    }

    [OneTimeTearDown]
    public async Task StopAsync() => await host.DisposeAsync();

    [Test]
    public async Task Who_was_invited_chooses_a_password_once_and_signs_in_with_the_role()
    {
        var invitation = (await InviteAsync()).Value;
        var early = await host.SignInAsync(Email, "");
        var guessed = await host.SignInAsync(Email, Chosen);
        var shown = await SendAsync(new FindInvitation(invitation.Token));
        var weak = await SendAsync(new AcceptInvitation(invitation.Token, "short", Address));

        var accepted = await SendAsync(new AcceptInvitation(invitation.Token, Chosen, Address));
        var again = await SendAsync(new AcceptInvitation(invitation.Token, "another-password", Address));
        var session = await SendAsync(new VerifyPassword(Email, Chosen, Address));

        Assert.Multiple(() =>
        {
            Assert.That((invitation.User.IsInvited, invitation.ExpiresAt), Is.EqualTo((true, clock.GetUtcNow().AddDays(7))));
            Assert.That(early.Status, Is.Not.EqualTo(HttpStatusCode.OK), "without a password nobody signs in");
            Assert.That(guessed.Code, Is.EqualTo("invalid-credentials"));
            Assert.That(shown.Value, Is.EqualTo(new InvitedUser("Carla", Email)));
            Assert.That(weak.Error?.Fields?.Keys, Is.EqualTo(["password"]));
            Assert.That(accepted.IsSuccess, Is.True, accepted.Error?.Code);
            Assert.That(again.Error?.Code, Is.EqualTo("invitation-invalid"));
            Assert.That(session.Value.Roles, Is.EqualTo(["clerk"]));
        });
    }

    [Test]
    public async Task Of_many_who_open_the_link_at_once_one_sets_the_password()
    {
        var token = (await InviteAsync()).Value.Token;

        var outcomes = await Task.WhenAll(Enumerable.Range(0, 8).Select(i => Task.Run(() => SendAsync(new AcceptInvitation(token, $"password-number-{i}", Address)))));

        Assert.That(outcomes.Count(outcome => outcome.IsSuccess), Is.EqualTo(1));
        Assert.That(outcomes.Where(outcome => !outcome.IsSuccess).Select(outcome => outcome.Error!.Code), Has.All.EqualTo("invitation-invalid"));
        var winner = Array.FindIndex(outcomes, outcome => outcome.IsSuccess);
        Assert.That((await SendAsync(new VerifyPassword(Email, $"password-number-{winner}", Address))).IsSuccess, Is.True);
    }

    [Test]
    public async Task A_link_ends_with_its_time_with_a_newer_one_and_with_other_roles()
    {
        var first = (await InviteAsync()).Value;
        var second = (await SendAsync(new RenewInvitation(first.User.Id, admin))).Value;
        var replaced = await SendAsync(new FindInvitation(first.Token));
        var current = await SendAsync(new FindInvitation(second.Token));
        clock.Advance(TimeSpan.FromDays(7));
        var late = await SendAsync(new FindInvitation(second.Token));
        var third = (await SendAsync(new RenewInvitation(first.User.Id, admin))).Value;
        await SendAsync(new ChangeUserRoles(first.User.Id, ["customer"]));
        var dismissed = await SendAsync(new AcceptInvitation(third.Token, Chosen, Address));

        Assert.That(new[] { replaced, late }.Select(found => found.Error?.Code), Has.All.EqualTo("invitation-invalid"));
        Assert.That(current.IsSuccess, Is.True);
        Assert.That(dismissed.Error?.Code, Is.EqualTo("invitation-invalid"));
    }

    [Test]
    public async Task An_accepted_invitation_is_not_renewed()
    {
        var invitation = (await InviteAsync()).Value;
        await SendAsync(new AcceptInvitation(invitation.Token, Chosen, Address));

        Assert.That((await SendAsync(new RenewInvitation(invitation.User.Id, admin))).Error?.Code, Is.EqualTo("invitation-accepted"));
        Assert.That((await SendAsync(new RenewInvitation(Guid.CreateVersion7(), admin))).Error?.Code, Is.EqualTo("account-not-found"));
        Assert.That((await SendAsync(new VerifyPassword(Email, Chosen, Address))).IsSuccess, Is.True);
    }

    [TestCase("")]
    [TestCase("abc")]
    [TestCase("not base64 !")]
    [TestCase("AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA")]
    public async Task What_is_no_token_is_told_like_one_that_is_over(string token) =>
        Assert.That((await SendAsync(new FindInvitation(token))).Error?.Code, Is.EqualTo("invitation-invalid"));

    [Test]
    public async Task An_invitation_is_for_staff_with_a_name_and_a_free_address()
    {
        await host.SignUpAsync(Email);

        var taken = await InviteAsync();
        var wrong = await SendAsync(new InviteStaff(" ", "carla", "customer", admin));

        Assert.That(taken.Error?.Code, Is.EqualTo("email-taken"));
        Assert.That(wrong.Error?.Fields?.Keys, Is.SupersetOf(["name", "email", "role"]));
    }

    [Test]
    public async Task The_token_is_not_in_what_the_audit_log_keeps()
    {
        var invitation = (await InviteAsync()).Value;

        Assert.That(JsonSerializer.Serialize(invitation), Does.Contain("Carla").And.Not.Contain(invitation.Token));
    }

    [Test]
    public async Task A_disabled_account_is_out_everywhere_until_it_has_a_role_again()
    {
        var id = Guid.Parse((await host.SignUpAsync(Email)).Text("id"));
        await SendAsync(new ChangeUserRoles(id, ["clerk"]));
        var tokens = await host.SignInAsync(Email);

        var disabled = await SendAsync(new DisableAccount(id, admin));
        var renewed = await host.RefreshAsync(tokens.Text("refreshToken"));
        var overRest = await host.SignInAsync(Email);
        var wrong = await host.SignInAsync(Email, "not-the-password");
        var inOffice = await SendAsync(new VerifyPassword(Email, AccountsApi.Password, Address));
        await SendAsync(new ChangeUserRoles(id, ["clerk"]));
        var back = await SendAsync(new VerifyPassword(Email, AccountsApi.Password, Address));

        Assert.Multiple(() =>
        {
            Assert.That(disabled.Value.IsDisabled, Is.True);
            Assert.That(renewed.Status, Is.EqualTo(HttpStatusCode.Unauthorized));
            Assert.That(overRest.Code, Is.EqualTo("account-disabled"));
            Assert.That(wrong.Code, Is.EqualTo("invalid-credentials"), "who does not know the password learns nothing");
            Assert.That(inOffice.Error?.Code, Is.EqualTo("account-disabled"));
            Assert.That(back.Value.Roles, Is.EqualTo(["clerk"]));
        });
    }

    [Test]
    public async Task Nobody_disables_themselves_or_who_is_not_there() => Assert.Multiple(async () =>
    {
        Assert.That((await SendAsync(new DisableAccount(admin.Id, admin))).Error?.Code, Is.EqualTo("own-account"));
        Assert.That((await SendAsync(new DisableAccount(Guid.CreateVersion7(), admin))).Error?.Code, Is.EqualTo("account-not-found"));
    });

    private Task<Result<Invitation>> InviteAsync() => SendAsync(new InviteStaff("Carla", Email, "clerk", admin));

    private Task<T> SendAsync<T>(IRequest<T> request) => host.SendAsync(request);
}
