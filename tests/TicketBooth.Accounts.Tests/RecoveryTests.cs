using System.Net;
using System.Net.Http.Json;
using Microsoft.Extensions.Time.Testing;
using TicketBooth.Accounts.Contracts;
using TicketBooth.Accounts.Tests.Support;
using TicketBooth.BuildingBlocks.Kernel;
using TicketBooth.Testing;

namespace TicketBooth.Accounts.Tests;

/// <summary>Forgotten passwords, new passwords, and addresses that are confirmed.</summary>
internal sealed class RecoveryTests(Provider provider) : AccountsFixture(provider)
{
    private const string New = "another-long-password";

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
    public async Task Who_forgot_the_password_gets_a_token_by_mail_and_sets_another_one_once()
    {
        var tokens = await host.NewCustomerAsync(Email);
        var asked = await AskAsync(Email.ToUpperInvariant());
        await host.AnswerMailRequestsAsync();
        var mail = host.Told<PasswordResetAsked>(Email).Single();

        var set = await SetAsync(new { token = mail.Token, newPassword = New });
        var again = await SetAsync(new { token = mail.Token, newPassword = "a-third-long-password" });

        Assert.Multiple(async () =>
        {
            Assert.That((asked.Status, asked.Body), Is.EqualTo((HttpStatusCode.Accepted, (object?)null)));
            Assert.That(mail.ExpiresAt, Is.EqualTo(clock.GetUtcNow().AddHours(1)));
            Assert.That(set.Status, Is.EqualTo(HttpStatusCode.NoContent));
            Assert.That((again.Status, again.Code), Is.EqualTo((HttpStatusCode.UnprocessableEntity, "mail-token-invalid")));
            Assert.That((await host.SignInAsync(Email)).Code, Is.EqualTo("invalid-credentials"));
            Assert.That((await host.SignInAsync(Email, New)).Status, Is.EqualTo(HttpStatusCode.OK));
            Assert.That((await host.MeAsync(tokens.Text("accessToken"))).Code, Is.EqualTo("token-ended"));
            Assert.That((await host.RefreshAsync(tokens.Text("refreshToken"))).Code, Is.EqualTo("refresh-token-invalid"));
            Assert.That(host.Told<PasswordChanged>(Email), Has.Count.EqualTo(1));
        });
    }

    [Test]
    public async Task Of_many_with_one_token_one_sets_the_password()
    {
        await host.NewCustomerAsync(Email);
        var token = await ResetTokenAsync();

        var replies = await Task.WhenAll(Enumerable.Range(0, 8).Select(i => SetAsync(new { token, newPassword = $"{New}-{i}" })));

        Assert.That(replies.Count(reply => reply.Status == HttpStatusCode.NoContent), Is.EqualTo(1));
        Assert.That(host.Told<PasswordChanged>(Email), Has.Count.EqualTo(1));
    }

    [Test]
    public async Task A_token_lasts_for_an_hour_and_until_the_next_one()
    {
        await host.NewCustomerAsync(Email);
        var first = await ResetTokenAsync();
        var second = await ResetTokenAsync();
        var replaced = await SetAsync(new { token = first, newPassword = New });
        clock.Advance(TimeSpan.FromHours(1));

        var late = await SetAsync(new { token = second, newPassword = New });

        Assert.That((replaced.Code, late.Code), Is.EqualTo(("mail-token-invalid", "mail-token-invalid")));
    }

    [Test]
    public async Task A_weak_password_does_not_use_the_token_up()
    {
        await host.NewCustomerAsync(Email);
        var token = await ResetTokenAsync();

        var weak = await SetAsync(new { token, newPassword = "password" });
        var good = await SetAsync(new { token, newPassword = New });

        Assert.Multiple(() =>
        {
            Assert.That(weak.Body!["errors"]!["newPassword"], Is.Not.Null);
            Assert.That(good.Status, Is.EqualTo(HttpStatusCode.NoContent));
        });
    }

    /// <summary>The request does the same for every address: it stores it, and answers.</summary>
    [Test]
    public async Task Neither_the_answer_nor_what_is_written_before_it_tells_whether_an_address_has_an_account()
    {
        await host.NewCustomerAsync(Email);
        var before = host.Outbox().Read(0, 10_000).Count;

        var known = await AskAsync(Email);
        var unknown = await AskAsync(Mine("nobody@example.com"));
        var written = host.Outbox().Read(0, 10_000).Count - before;
        var requests = Database.Sql("SELECT COUNT(*) FROM MailRequests");
        await host.AnswerMailRequestsAsync();

        Assert.Multiple(() =>
        {
            Assert.That((unknown.Status, unknown.Body), Is.EqualTo((known.Status, known.Body)));
            Assert.That(
                unknown.Headers.Where(header => header.Key is not ("Date" or "traceparent")).Select(header => header.Key),
                Is.EqualTo(known.Headers.Where(header => header.Key is not ("Date" or "traceparent")).Select(header => header.Key)));
            Assert.That(written, Is.Zero, "work before the answer would take time");
            Assert.That(requests, Is.EqualTo(2));
            Assert.That(host.Told<PasswordResetAsked>(Email), Has.Count.EqualTo(1));
            Assert.That(host.Told<PasswordResetAsked>(Mine("nobody@example.com")), Is.Empty);
            Assert.That(Database.Sql("SELECT COUNT(*) FROM MailRequests"), Is.Zero);
        });
    }

    [Test]
    public async Task One_address_gets_three_mails_and_then_one_an_hour()
    {
        await host.NewCustomerAsync(Email);
        for (var i = 0; i < 5; i++)
        {
            Assert.That((await AskAsync(Email)).Status, Is.EqualTo(HttpStatusCode.Accepted));
            await host.AnswerMailRequestsAsync();
        }

        Assert.That(host.Told<PasswordResetAsked>(Email), Has.Count.EqualTo(3));
        clock.Advance(TimeSpan.FromHours(1));
        await AskAsync(Email);
        await host.AnswerMailRequestsAsync();

        Assert.That(host.Told<PasswordResetAsked>(Email), Has.Count.EqualTo(4));
    }

    [Test]
    public async Task A_network_address_that_asks_for_many_must_pause()
    {
        var replies = new List<Reply>();
        for (var i = 0; i < 21; i++)
        {
            replies.Add(await host.SendAsync(HttpMethod.Post, "/api/v1/accounts/password-reset", new { email = Mine($"a{i}@example.com") }));
        }

        Assert.Multiple(() =>
        {
            Assert.That(replies[..20].Select(reply => reply.Status), Is.All.EqualTo(HttpStatusCode.Accepted));
            Assert.That((replies[20].Status, replies[20].Code), Is.EqualTo((HttpStatusCode.TooManyRequests, "password-reset-pause")));
            Assert.That(replies[20].Headers.RetryAfter, Is.Not.Null);
        });
    }

    [Test]
    public async Task The_present_password_sets_another_one_and_this_sign_in_goes_on()
    {
        var mine = await host.NewCustomerAsync(Email);
        var other = await host.SignInAsync(Email);
        var access = mine.Text("accessToken");

        var wrong = await SetAsync(new { currentPassword = "not-the-password", newPassword = New }, access);
        var nobody = await SetAsync(new { currentPassword = AccountsApi.Password, newPassword = New });
        var set = await SetAsync(new { currentPassword = AccountsApi.Password, newPassword = New }, access);

        Assert.Multiple(async () =>
        {
            Assert.That((wrong.Status, wrong.Code), Is.EqualTo((HttpStatusCode.Unauthorized, "invalid-credentials")));
            Assert.That((nobody.Status, nobody.Code), Is.EqualTo((HttpStatusCode.Unauthorized, "unauthenticated")));
            Assert.That(set.Status, Is.EqualTo(HttpStatusCode.NoContent));
            Assert.That((await host.MeAsync(access)).Status, Is.EqualTo(HttpStatusCode.OK));
            Assert.That((await host.RefreshAsync(mine.Text("refreshToken"))).Status, Is.EqualTo(HttpStatusCode.OK));
            Assert.That((await host.MeAsync(other.Text("accessToken"))).Code, Is.EqualTo("token-ended"));
            Assert.That((await host.SignInAsync(Email, New)).Status, Is.EqualTo(HttpStatusCode.OK));
        });
    }

    [Test]
    public async Task A_request_with_neither_or_both_ways_is_refused()
    {
        Assert.Multiple(async () =>
        {
            Assert.That((await SetAsync(new { newPassword = New })).Code, Is.EqualTo("validation-failed"));
            Assert.That((await SetAsync(new { token = "x", currentPassword = "y", newPassword = New })).Code, Is.EqualTo("validation-failed"));
            Assert.That((await SetAsync(new { token = "x", newPassword = New })).Code, Is.EqualTo("mail-token-invalid"));
        });
    }

    [Test]
    public async Task A_sign_up_is_followed_by_a_mail_whose_token_confirms_the_address_once()
    {
        await host.SignUpAsync(Email);
        var token = host.Told<EmailConfirmationAsked>(Email).Single().Token;
        var before = Confirmed();

        var confirmed = await ConfirmAsync(token);
        var again = await ConfirmAsync(token);

        Assert.Multiple(() =>
        {
            Assert.That(before, Is.Zero);
            Assert.That(Confirmed(), Is.EqualTo(1));
            Assert.That(confirmed.Status, Is.EqualTo(HttpStatusCode.NoContent));
            Assert.That(again.Code, Is.EqualTo("mail-token-invalid"));
            Assert.That(host.Told<AccountCreated>(Email), Has.Count.EqualTo(1));
        });
    }

    [Test]
    public async Task A_token_serves_one_purpose()
    {
        await host.SignUpAsync(Email);
        var confirmation = host.Told<EmailConfirmationAsked>(Email).Single().Token;
        var reset = await ResetTokenAsync();

        Assert.That((await SetAsync(new { token = confirmation, newPassword = New })).Code, Is.EqualTo("mail-token-invalid"));
        Assert.That((await ConfirmAsync(reset)).Code, Is.EqualTo("mail-token-invalid"));
    }

    [Test]
    public async Task A_password_set_by_mail_confirms_the_address()
    {
        await host.SignUpAsync(Email);
        await SetAsync(new { token = await ResetTokenAsync(), newPassword = New });

        Assert.That(Confirmed(), Is.EqualTo(1));
    }

    [Test]
    public async Task Nobody_who_was_invited_or_disabled_gets_a_token()
    {
        var administrators = (await host.SendAsync(new FindUsers(Role: "admin"))).Value.Items;
        var admin = new Actor(administrators[0].Id, administrators[0].Name);
        await host.SendAsync(new InviteStaff("Carla", Email, "clerk", admin));
        await host.SignUpAsync(Mine("bia@example.com"));
        var disabled = (await host.SendAsync(new FindUsers(Mine("bia@example.com")))).Value.Items.Single();
        await host.SendAsync(new DisableAccount(disabled.Id, admin));

        await AskAsync(Email);
        await AskAsync(disabled.Email);
        await host.AnswerMailRequestsAsync();

        Assert.That(host.Told<PasswordResetAsked>(Email), Is.Empty);
        Assert.That(host.Told<PasswordResetAsked>(disabled.Email), Is.Empty);
        Assert.That(host.Told<StaffInvited>(Email).Single().Role, Is.EqualTo("clerk"));
    }

    [TestCase("pt-BR", null, "pt-BR")]
    [TestCase(null, "pt;q=0.9, en;q=0.1", "pt-BR")]
    [TestCase(null, "en-GB, pt", "en")]
    [TestCase("en", "pt-BR", "en")]
    [TestCase(null, "de", null)]
    [TestCase(null, null, null)]
    public async Task Mails_are_in_the_language_of_the_sign_up(string? said, string? accepted, string? expected)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "/api/v1/accounts");
        request.Content = JsonContent.Create(new { name = "Ana", email = Email, password = AccountsApi.Password, language = said });
        request.Headers.TryAddWithoutValidation("Accept-Language", accepted);

        using var response = await host.Client.SendAsync(request);

        Assert.That(response.StatusCode, Is.EqualTo(HttpStatusCode.Created));
        Assert.That(host.Told<EmailConfirmationAsked>(Email).Single().Language, Is.EqualTo(expected));
    }

    [Test]
    public async Task A_language_that_nobody_speaks_here_is_refused()
    {
        var reply = await host.SendAsync(HttpMethod.Post, "/api/v1/accounts", new { name = "Ana", email = Email, password = AccountsApi.Password, language = "fr" });

        Assert.That(reply.Code, Is.EqualTo("validation-failed"));
    }

    [Test]
    public async Task A_member_of_staff_is_told_of_a_new_device_but_not_of_the_first_one()
    {
        await host.SignUpAsync(Email);
        var user = (await host.SendAsync(new VerifyPassword(Email, AccountsApi.Password, AccountsApi.Here))).Value;
        foreach (var device in new[] { "Firefox", "Firefox", "Chrome", "Firefox", "Chrome" })
        {
            await host.SendAsync(new BeginSession(user.Id, user.SecurityStamp, device, "192.0.2.7", TimeSpan.FromHours(1)));
        }

        var told = host.Told<SignedInOnNewDevice>(Email).Single();

        Assert.That((told.Device, told.Address, told.At), Is.EqualTo(("Chrome", "192.0.2.7", clock.GetUtcNow())));
    }

    [Test]
    public async Task Staff_are_told_of_a_new_device_also_where_they_sign_in_over_REST_and_buyers_are_not()
    {
        await host.SignUpAsync(Email);
        var buyer = Email;
        var (clerk, id) = (Email.Replace("@", ".clerk@", StringComparison.Ordinal), "");
        id = (await host.SignUpAsync(clerk)).Text("id");
        await host.SendAsync(HttpMethod.Put, $"/api/v1/accounts/{id}/roles", new { roles = new[] { "clerk" } }, await host.AdminTokenAsync());
        foreach (var email in new[] { buyer, clerk })
        {
            foreach (var device in new[] { "Scanner/1.0", "Scanner/1.0", "curl/8.5", "Scanner/1.0" })
            {
                using var request = new HttpRequestMessage(HttpMethod.Post, "/api/v1/accounts/token") { Content = JsonContent.Create(new { email, password = AccountsApi.Password }) };
                request.Headers.TryAddWithoutValidation("User-Agent", device);
                using var answer = await host.Client.SendAsync(request);
                Assert.That(answer.StatusCode, Is.EqualTo(HttpStatusCode.OK));
            }
        }

        Assert.That(host.Told<SignedInOnNewDevice>(clerk).Select(told => told.Device), Is.EqualTo(new[] { "curl/8.5" }));
        Assert.That(host.Told<SignedInOnNewDevice>(buyer), Is.Empty);
    }

    private Task<Reply> AskAsync(string email) => host.SendAsync(HttpMethod.Post, "/api/v1/accounts/password-reset", new { email });

    private Task<Reply> SetAsync(object body, string? accessToken = null) => host.SendAsync(HttpMethod.Put, "/api/v1/accounts/password", body, accessToken);

    private Task<Reply> ConfirmAsync(string token) => host.SendAsync(HttpMethod.Post, "/api/v1/accounts/confirm", new { token });

    private long Confirmed() => Database.Sql($"SELECT EmailConfirmed FROM AspNetUsers WHERE Email = '{Email}'");

    private async Task<string> ResetTokenAsync()
    {
        await AskAsync(Email);
        await host.AnswerMailRequestsAsync();
        return host.Told<PasswordResetAsked>(Email)[^1].Token;
    }
}
