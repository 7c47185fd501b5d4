using System.Data.Common;
using System.Net;
using Microsoft.EntityFrameworkCore.Diagnostics;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;
using TicketBooth.Accounts.Contracts;
using TicketBooth.Accounts.Storage;
using TicketBooth.Accounts.Tests.Support;
using TicketBooth.BuildingBlocks.Kernel;
using TicketBooth.Testing;

namespace TicketBooth.Accounts.Tests;

/// <summary>People who buy with a confirmed address and without a password.</summary>
internal sealed class GuestTests(Provider provider) : AccountsFixture(provider)
{
    private readonly FakeTimeProvider clock = new(new DateTimeOffset(2026, 12, 1, 20, 0, 0, TimeSpan.Zero));
    private TestHost host = null!;

    [OneTimeSetUp]
    public async Task StartAsync() => host = await StartHostAsync(clock);

    [OneTimeTearDown]
    public async Task StopAsync() => await host.DisposeAsync();

    [SetUp]
    public void Forget()
    {
        // All requests come from one network address, and each test is to begin with none.
        clock.Advance(TimeSpan.FromDays(2));
        Database.Sql("DELETE FROM WrongPasswords");
    }

    [Test]
    public async Task A_guest_signs_in_with_the_token_of_a_mail_and_comes_back_to_the_same_account()
    {
        var first = await EnterAsync(new { email = Email, name = "  Ana Souza ", language = "pt-BR" });
        var second = await EnterAsync(new { email = Email.ToUpperInvariant() });

        var me = await host.MeAsync(first.Text("accessToken"));
        var again = await host.MeAsync(second.Text("accessToken"));
        var account = (await host.SendAsync(new GetUsers([Guid.Parse(me.Text("id"))]))).Value.Single();
        Assert.Multiple(async () =>
        {
            Assert.That((me.Text("name"), me.Text("email")), Is.EqualTo(("Ana Souza", Email)));
            Assert.That(again.Text("id"), Is.EqualTo(me.Text("id")));
            Assert.That((account.IsGuest, account.IsInvited, account.IsDisabled, account.Language), Is.EqualTo((true, false, false, "pt-BR")));
            Assert.That(account.Roles, Is.EqualTo(new[] { "customer" }));
            Assert.That((await host.RefreshAsync(first.Text("refreshToken"))).Status, Is.EqualTo(HttpStatusCode.OK));
            Assert.That((await host.SignInAsync(Email)).Code, Is.EqualTo("invalid-credentials"), "there is no password");
            Assert.That((await host.SignUpAsync(Email)).Code, Is.EqualTo("email-taken"));
            Assert.That(host.Told<AccountCreated>(Email), Has.Count.EqualTo(1));
        });
    }

    [Test]
    public async Task A_guest_without_a_name_is_called_by_the_address()
    {
        var tokens = await EnterAsync(new { email = Email });

        Assert.That((await host.MeAsync(tokens.Text("accessToken"))).Text("name"), Is.EqualTo("ana"));
    }

    [Test]
    public async Task Of_many_with_one_token_one_signs_in_and_one_account_is_made()
    {
        await AskAsync(new { email = Email });
        var token = host.Told<GuestAccessAsked>(Email).Single().Token;

        var replies = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => ConfirmAsync(token)));

        Assert.Multiple(() =>
        {
            Assert.That(replies.Count(reply => reply.Status == HttpStatusCode.OK), Is.EqualTo(1));
            Assert.That(replies.Where(reply => reply.Status != HttpStatusCode.OK).Select(reply => reply.Code), Is.All.EqualTo("mail-token-invalid"));
            Assert.That(host.Told<AccountCreated>(Email), Has.Count.EqualTo(1));
        });
    }

    [Test]
    public async Task Without_the_delete_that_decides_many_would_sign_in_with_one_token()
    {
        await using var spoiled = NewDatabase();
        await using var careless = await AccountsApi.StartAsync(clock, spoiled, services =>
        {
            services.ConfigureDbContext<AccountsDbContext>(options => options.AddInterceptors(new NothingIsUsedUp()));
            services.ConfigureDbContext<MySqlAccountsDbContext>(options => options.AddInterceptors(new NothingIsUsedUp()));
        });
        await careless.SendAsync(HttpMethod.Post, "/api/v1/accounts/guest", new { email = Email });
        var token = careless.Told<GuestAccessAsked>(Email).Single().Token;

        var replies = await Task.WhenAll(
            Enumerable.Range(0, 8).Select(_ => careless.SendAsync(HttpMethod.Post, "/api/v1/accounts/guest/confirm", new { token })));

        Assert.That(replies.Count(reply => reply.Status == HttpStatusCode.OK), Is.GreaterThan(1));
    }

    [Test]
    public async Task A_sign_up_and_a_guest_at_once_make_one_account()
    {
        for (var i = 0; i < 4; i++)
        {
            var email = Mine($"race{i}@example.com");
            await AskAsync(new { email });
            var token = host.Told<GuestAccessAsked>(email).Single().Token;

            var (confirming, signingUp) = (ConfirmAsync(token), host.SignUpAsync(email));
            var (guest, member) = (await confirming, await signingUp);

            Assert.That(
                (guest.Code ?? "entered", member.Code ?? "signed up"),
                Is.EqualTo(("entered", "email-taken")).Or.EqualTo(("account-exists", "signed up")));
            Assert.That(host.Told<AccountCreated>(email), Has.Count.EqualTo(1));
        }
    }

    [Test]
    public async Task A_token_lasts_for_half_an_hour_and_until_the_next_one()
    {
        await AskAsync(new { email = Email });
        await AskAsync(new { email = Email });
        var mails = host.Told<GuestAccessAsked>(Email);
        var replaced = await ConfirmAsync(mails[0].Token);
        clock.Advance(TimeSpan.FromMinutes(30));

        var late = await ConfirmAsync(mails[1].Token);

        Assert.That((replaced.Code, late.Code), Is.EqualTo(("mail-token-invalid", "mail-token-invalid")));
        Assert.That(mails[1].ExpiresAt, Is.EqualTo(clock.GetUtcNow()));
    }

    [Test]
    public async Task Neither_the_answer_nor_the_mail_nor_what_is_written_tells_whether_an_address_has_an_account()
    {
        var unknownEmail = Mine("nobody@example.com");
        await host.NewCustomerAsync(Email);
        var before = host.Outbox().Read(0, 10_000).Count;

        var known = await AskAsync(new { email = Email });
        var unknown = await AskAsync(new { email = unknownEmail });

        var (mail, other) = (host.Told<GuestAccessAsked>(Email).Single(), host.Told<GuestAccessAsked>(unknownEmail).Single());
        Assert.Multiple(() =>
        {
            Assert.That((known.Status, known.Body), Is.EqualTo((HttpStatusCode.Accepted, (object?)null)));
            Assert.That((unknown.Status, unknown.Body), Is.EqualTo((known.Status, known.Body)));
            Assert.That(host.Outbox().Read(0, 10_000).Count - before, Is.EqualTo(2), "the same is written for both");
            Assert.That((mail.Name, mail.Language, mail.Token.Length), Is.EqualTo((other.Name, other.Language, other.Token.Length)));
        });
    }

    [Test]
    public async Task A_mail_alone_opens_no_account_with_a_password()
    {
        await host.NewCustomerAsync(Email);

        var refused = await EnterAsync(new { email = Email });

        Assert.That((refused.Status, refused.Code), Is.EqualTo((HttpStatusCode.Conflict, "account-exists")));
    }

    [Test]
    public async Task A_mail_alone_opens_no_account_of_staff_and_none_that_is_disabled()
    {
        var id = Guid.Parse((await host.MeAsync((await EnterAsync(new { email = Email })).Text("accessToken"))).Text("id"));
        var admin = (await host.MeAsync(await host.AdminTokenAsync())).Text("id");
        await host.SendAsync(new ChangeUserRoles(id, ["clerk"]));
        var staff = await EnterAsync(new { email = Email });
        await host.SendAsync(new DisableAccount(id, new Actor(Guid.Parse(admin), "Admin")));
        var disabled = await EnterAsync(new { email = Email });

        Assert.That((staff.Code, disabled.Code), Is.EqualTo(("account-exists", "account-disabled")));
    }

    [Test]
    public async Task A_guest_chooses_a_password_by_mail_and_signs_in_with_it_from_then_on()
    {
        await EnterAsync(new { email = Email });
        await host.SendAsync(HttpMethod.Post, "/api/v1/accounts/password-reset", new { email = Email });
        await host.AnswerMailRequestsAsync();
        var token = host.Told<PasswordResetAsked>(Email).Single().Token;
        var set = await host.SendAsync(HttpMethod.Put, "/api/v1/accounts/password", new { token, newPassword = AccountsApi.Password });

        Assert.Multiple(async () =>
        {
            Assert.That(set.Status, Is.EqualTo(HttpStatusCode.NoContent));
            Assert.That((await host.SignInAsync(Email)).Status, Is.EqualTo(HttpStatusCode.OK));
            Assert.That((await EnterAsync(new { email = Email })).Code, Is.EqualTo("account-exists"));
        });
    }

    [Test]
    public async Task An_address_gets_few_mails_and_a_network_address_asks_for_few()
    {
        var replies = new List<Reply>();
        for (var i = 0; i < 21; i++)
        {
            replies.Add(await AskAsync(new { email = Email }));
        }

        Assert.Multiple(() =>
        {
            Assert.That(replies.Take(20).Select(reply => reply.Status), Is.All.EqualTo(HttpStatusCode.Accepted));
            Assert.That((replies[20].Status, replies[20].Code), Is.EqualTo((HttpStatusCode.TooManyRequests, "guest-pause")));
            Assert.That(replies[20].Headers.RetryAfter, Is.Not.Null);
            Assert.That(host.Told<GuestAccessAsked>(Email), Has.Count.EqualTo(3));
        });
    }

    [Test]
    public async Task Of_many_requests_at_the_same_moment_an_address_gets_no_more_mails()
    {
        var replies = await Crowd.CallAsync(16, _ => AskAsync(new { email = Email }));

        Assert.That(replies.Select(reply => reply.Status), Is.All.EqualTo(HttpStatusCode.Accepted));
        Assert.That(host.Told<GuestAccessAsked>(Email), Has.Count.EqualTo(3));
    }

    [TestCase("nobody", null, null)]
    [TestCase("ana@example.com", "", null)]
    [TestCase("ana@example.com", "Ana", "fr")]
    public async Task What_makes_no_sense_is_refused(string email, string? name, string? language) =>
        Assert.That((await AskAsync(new { email, name, language })).Code, Is.EqualTo("validation-failed"));

    private Task<Reply> AskAsync(object body) => host.SendAsync(HttpMethod.Post, "/api/v1/accounts/guest", body);

    private Task<Reply> ConfirmAsync(string token) => host.SendAsync(HttpMethod.Post, "/api/v1/accounts/guest/confirm", new { token });

    /// <summary>Asks, and brings the token of the newest mail back.</summary>
    private async Task<Reply> EnterAsync(object body)
    {
        var before = Tokens();
        await AskAsync(body);
        return await ConfirmAsync(Tokens().Except(before, StringComparer.Ordinal).Single());
    }

    private List<string> Tokens() =>
        [.. host.Told<GuestAccessAsked>(Email).Concat(host.Told<GuestAccessAsked>(Email.ToUpperInvariant())).Select(mail => mail.Token)];

    /// <summary>Says that a token was used up, and leaves it: as if everybody looked at it and nobody deleted it.</summary>
    private sealed class NothingIsUsedUp : DbCommandInterceptor
    {
        public override ValueTask<InterceptionResult<int>> NonQueryExecutingAsync(
            DbCommand command, CommandEventData eventData, InterceptionResult<int> result, CancellationToken cancellationToken = default) =>
            ValueTask.FromResult(
                command.CommandText.StartsWith("DELETE", StringComparison.Ordinal)
                && command.CommandText.Contains("GuestTokens", StringComparison.Ordinal)
                && command.CommandText.Contains("Hash", StringComparison.Ordinal)
                    ? InterceptionResult<int>.SuppressWithResult(1)
                    : result);
    }
}
