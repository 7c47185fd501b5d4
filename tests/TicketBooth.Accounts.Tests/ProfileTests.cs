using System.Net;
using Microsoft.Extensions.Time.Testing;
using TicketBooth.Accounts.Contracts;
using TicketBooth.Accounts.Tests.Support;
using TicketBooth.Testing;

namespace TicketBooth.Accounts.Tests;

/// <summary>What people change about their own account.</summary>
internal sealed class ProfileTests(Provider provider) : AccountsFixture(provider)
{
    private readonly FakeTimeProvider clock = new(new DateTimeOffset(2026, 12, 1, 20, 0, 0, TimeSpan.Zero));
    private TestHost host = null!;

    [OneTimeSetUp]
    public async Task StartAsync() => host = await StartHostAsync(clock);

    [OneTimeTearDown]
    public async Task StopAsync() => await host.DisposeAsync();

    [Test]
    public async Task Name_and_language_hold_at_once_and_what_is_left_out_stays()
    {
        var tokens = await host.NewCustomerAsync(Email);

        var changed = await ChangeAsync(tokens, new { name = "  Ana Souza ", language = "pt-BR" });
        var again = await ChangeAsync(tokens, new { });
        var renewed = await host.RefreshAsync(tokens.Text("refreshToken"));

        Assert.Multiple(async () =>
        {
            Assert.That((changed.Text("name"), changed.Text("language"), changed.Text("email")), Is.EqualTo(("Ana Souza", "pt-BR", Email)));
            Assert.That((again.Text("name"), again.Text("language")), Is.EqualTo(("Ana Souza", "pt-BR")));
            Assert.That((await host.MeAsync(renewed.Text("accessToken"))).Text("name"), Is.EqualTo("Ana Souza"));
            Assert.That((await host.SendAsync(new FindUsers("souza " + Email))).Error, Is.Null);
        });
    }

    [Test]
    public async Task Another_address_holds_when_it_is_confirmed_and_the_former_one_is_told()
    {
        var tokens = await host.NewCustomerAsync(Email);
        var other = Mine("souza@example.com");

        var changed = await ChangeAsync(tokens, Another(other));
        var before = await host.SignInAsync(other);
        var confirmed = await ConfirmAsync(host.Told<EmailChangeAsked>(other).Single().Token);

        Assert.Multiple(async () =>
        {
            Assert.That((changed.Text("email"), changed.Text("awaitsEmail")), Is.EqualTo((Email, other)));
            Assert.That(before.Code, Is.EqualTo("invalid-credentials"));
            Assert.That(confirmed.Status, Is.EqualTo(HttpStatusCode.NoContent));
            Assert.That((await host.SignInAsync(other)).Status, Is.EqualTo(HttpStatusCode.OK));
            Assert.That((await host.SignInAsync(Email)).Code, Is.EqualTo("invalid-credentials"));
            Assert.That(host.Told<EmailChanged>(Email).Single().NewEmail, Is.EqualTo(other));
        });
    }

    [Test]
    public async Task An_address_that_somebody_else_has_is_refused_when_its_token_comes_back_and_not_before()
    {
        var tokens = await host.NewCustomerAsync(Email);
        var taken = Mine("taken@example.com");
        await host.SignUpAsync(taken);

        var changed = await ChangeAsync(tokens, Another(taken));
        var confirmed = await ConfirmAsync(host.Told<EmailChangeAsked>(taken).Single().Token);

        Assert.Multiple(async () =>
        {
            Assert.That(changed.Status, Is.EqualTo(HttpStatusCode.OK));
            Assert.That((confirmed.Status, confirmed.Code), Is.EqualTo((HttpStatusCode.Conflict, "email-taken")));
            Assert.That((await host.SignInAsync(Email)).Status, Is.EqualTo(HttpStatusCode.OK));
        });
    }

    [Test]
    public async Task Another_address_needs_the_password_which_an_access_token_is_not()
    {
        var tokens = await host.NewCustomerAsync(Email);
        var other = Mine("souza@example.com");

        var none = await ChangeAsync(tokens, new { email = other });
        var wrong = await ChangeAsync(tokens, new { email = other, currentPassword = "not-the-password" });
        var stranger = await ChangeAsync(tokens, new { email = other, token = "x" });
        var same = await ChangeAsync(tokens, new { email = Email.ToUpperInvariant() });

        Assert.That((none.Code, wrong.Code, stranger.Code), Is.EqualTo(("validation-failed", "invalid-credentials", "mail-token-invalid")));
        Assert.That(host.Told<EmailChangeAsked>(other), Is.Empty);
        Assert.That(same.Text("email"), Is.EqualTo(Email), "nothing is asked for that is so already");
    }

    [Test]
    public async Task A_guest_proves_the_address_instead()
    {
        await host.SendAsync(HttpMethod.Post, "/api/v1/accounts/guest", new { email = Email });
        var tokens = await host.SendAsync(HttpMethod.Post, "/api/v1/accounts/guest/confirm", new { token = host.Told<GuestAccessAsked>(Email).Single().Token });
        await host.SendAsync(HttpMethod.Post, "/api/v1/accounts/guest", new { email = Email });
        var other = Mine("souza@example.com");

        var changed = await ChangeAsync(tokens, new { email = other, token = host.Told<GuestAccessAsked>(Email)[^1].Token });

        Assert.That(changed.Text("awaitsEmail"), Is.EqualTo(other));
    }

    [Test]
    public async Task A_new_password_and_a_sign_out_everywhere_call_another_address_off([Values] bool isPassword)
    {
        var tokens = await host.NewCustomerAsync(Email);
        var other = Mine("souza@example.com");
        await ChangeAsync(tokens, Another(other));

        var ended = isPassword
            ? await host.SendAsync(
                HttpMethod.Put, "/api/v1/accounts/password", new { currentPassword = AccountsApi.Password, newPassword = "another-long-password" }, tokens.Text("accessToken"))
            : await host.SendAsync(HttpMethod.Delete, "/api/v1/accounts/sessions", accessToken: tokens.Text("accessToken"));
        var confirmed = await ConfirmAsync(host.Told<EmailChangeAsked>(other).Single().Token);

        Assert.That((ended.Status, confirmed.Code), Is.EqualTo((HttpStatusCode.NoContent, "mail-token-invalid")));
    }

    [Test]
    public async Task A_mail_to_the_former_address_sets_no_password_any_more()
    {
        var tokens = await host.NewCustomerAsync(Email);
        var other = Mine("souza@example.com");
        await ChangeAsync(tokens, Another(other));
        await host.SendAsync(HttpMethod.Post, "/api/v1/accounts/password-reset", new { email = Email });
        await host.AnswerMailRequestsAsync();
        var reset = host.Told<PasswordResetAsked>(Email).Single().Token;
        await ConfirmAsync(host.Told<EmailChangeAsked>(other).Single().Token);

        var set = await host.SendAsync(HttpMethod.Put, "/api/v1/accounts/password", new { token = reset, newPassword = "another-long-password" });

        Assert.That(set.Code, Is.EqualTo("mail-token-invalid"));
    }

    [Test]
    public async Task Few_mails_confirm_other_addresses_of_an_account_and_few_an_address_of_many_accounts()
    {
        var tokens = await host.NewCustomerAsync(Email);
        for (var i = 0; i < 3; i++)
        {
            Assert.That((await ChangeAsync(tokens, Another(Mine($"a{i}@example.com")))).Status, Is.EqualTo(HttpStatusCode.OK));
        }

        var fourth = await ChangeAsync(tokens, Another(Mine("a3@example.com")));

        Assert.That((fourth.Status, fourth.Code), Is.EqualTo((HttpStatusCode.TooManyRequests, "email-change-pause")));
        Assert.That(fourth.Headers.RetryAfter, Is.Not.Null);
        Assert.That(host.Told<EmailChangeAsked>(Mine("a3@example.com")), Is.Empty);

        var victim = Mine("victim@example.com");
        var codes = new List<string?>();
        for (var i = 0; i < 4; i++)
        {
            codes.Add((await ChangeAsync(await host.NewCustomerAsync(Mine($"b{i}@example.com")), Another(victim))).Code);
        }

        Assert.That(codes[3], Is.EqualTo("email-change-pause"));
        Assert.That(host.Told<EmailChangeAsked>(victim), Has.Count.EqualTo(3));
    }

    [Test]
    public async Task Who_signs_out_everywhere_is_signed_in_nowhere()
    {
        var mine = await host.NewCustomerAsync(Email);
        var other = await host.SignInAsync(Email);

        var ended = await host.SendAsync(HttpMethod.Delete, "/api/v1/accounts/sessions", accessToken: mine.Text("accessToken"));

        Assert.Multiple(async () =>
        {
            Assert.That(ended.Status, Is.EqualTo(HttpStatusCode.NoContent));
            Assert.That((await host.MeAsync(mine.Text("accessToken"))).Code, Is.EqualTo("token-ended"));
            Assert.That((await host.MeAsync(other.Text("accessToken"))).Code, Is.EqualTo("token-ended"));
            Assert.That((await host.RefreshAsync(other.Text("refreshToken"))).Code, Is.EqualTo("refresh-token-invalid"));
            Assert.That((await host.SignInAsync(Email)).Status, Is.EqualTo(HttpStatusCode.OK));
        });
    }

    [Test]
    public async Task What_makes_no_sense_is_refused()
    {
        var tokens = await host.NewCustomerAsync(Email);

        Assert.Multiple(async () =>
        {
            Assert.That((await ChangeAsync(tokens, Another("nobody"))).Code, Is.EqualTo("validation-failed"));
            Assert.That((await ChangeAsync(tokens, new { name = "" })).Code, Is.EqualTo("validation-failed"));
            Assert.That((await ChangeAsync(tokens, new { language = "fr" })).Code, Is.EqualTo("validation-failed"));
            Assert.That((await host.SendAsync(HttpMethod.Put, "/api/v1/accounts/me", new { name = "Ana" })).Code, Is.EqualTo("unauthenticated"));
        });
    }

    /// <summary>A change to another address, with the password.</summary>
    private static object Another(string email) => new { email, currentPassword = AccountsApi.Password };

    private Task<Reply> ChangeAsync(Reply tokens, object body) => host.SendAsync(HttpMethod.Put, "/api/v1/accounts/me", body, tokens.Text("accessToken"));

    private Task<Reply> ConfirmAsync(string token) => host.SendAsync(HttpMethod.Post, "/api/v1/accounts/confirm", new { token });
}
