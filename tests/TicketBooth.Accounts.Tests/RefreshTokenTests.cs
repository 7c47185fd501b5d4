using System.Net;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;
using TicketBooth.Accounts.Recovery;
using TicketBooth.Accounts.Tests.Support;
using TicketBooth.Accounts.Tokens;
using TicketBooth.Testing;

namespace TicketBooth.Accounts.Tests;

internal sealed class RefreshTokenTests(Provider provider) : AccountsFixture(provider)
{
    private readonly FakeTimeProvider clock = new(new DateTimeOffset(2026, 12, 1, 20, 0, 0, TimeSpan.Zero));
    private TestHost host = null!;
    private string first = null!;

    [OneTimeSetUp]
    public async Task StartAsync() => host = await StartHostAsync(clock);

    [SetUp]
    public async Task SignInAsync() => first = (await host.NewCustomerAsync(Email)).Text("refreshToken");

    [OneTimeTearDown]
    public async Task StopAsync() => await host.DisposeAsync();

    [Test]
    public async Task Gives_new_tokens_for_the_same_user()
    {
        var renewed = await host.RefreshAsync(first);
        var me = await host.MeAsync(renewed.Text("accessToken"));

        Assert.Multiple(() =>
        {
            Assert.That(renewed.Status, Is.EqualTo(HttpStatusCode.OK));
            Assert.That(renewed.Text("refreshToken"), Is.Not.EqualTo(first));
            Assert.That(me.Text("email"), Is.EqualTo(Email));
        });
    }

    [Test]
    public async Task Is_good_for_one_exchange_and_its_reuse_revokes_all_that_came_from_it()
    {
        var second = (await host.RefreshAsync(first)).Text("refreshToken");
        var third = (await host.RefreshAsync(second)).Text("refreshToken");

        var reused = await host.RefreshAsync(first);
        var newest = await host.RefreshAsync(third);

        Assert.Multiple(() =>
        {
            Assert.That(reused.Status, Is.EqualTo(HttpStatusCode.Unauthorized));
            Assert.That(reused.Code, Is.EqualTo("refresh-token-reused"));
            Assert.That(newest.Status, Is.EqualTo(HttpStatusCode.Unauthorized));
            Assert.That(newest.Code, Is.EqualTo("refresh-token-invalid"));
        });
    }

    [Test]
    public async Task A_sign_in_is_not_renewed_for_ever()
    {
        var token = first;
        for (var days = 29; days < 90; days += 29)
        {
            clock.Advance(TimeSpan.FromDays(29));
            token = (await host.RefreshAsync(token)).Text("refreshToken");
        }

        clock.Advance(TimeSpan.FromDays(3));

        Assert.That((await host.RefreshAsync(token)).Code, Is.EqualTo("refresh-token-invalid"));
    }

    [Test]
    public async Task What_signed_people_in_is_forgotten_when_it_is_over_although_they_do_not_come_back()
    {
        await using var database = NewDatabase();
        await using var own = await AccountsApi.StartAsync(clock, database);
        var token = (await own.NewCustomerAsync()).Text("refreshToken");
        await own.RefreshAsync(token);
        await own.SendAsync(HttpMethod.Post, "/api/v1/accounts/guest", new { email = "gil@example.com" });
        await own.App.Services.GetRequiredService<AnswerMailRequestsWorker>().RunOnceAsync(CancellationToken.None);
        clock.Advance(TimeSpan.FromDays(89));
        var newest = (await own.SignUpAsync("bia@example.com"), await own.SignInAsync("bia@example.com"));

        await ForgetAsync(own);
        var before = database.Sql("SELECT COUNT(*) FROM RefreshTokens");
        clock.Advance(TimeSpan.FromDays(1) + TimeSpan.FromSeconds(1));
        await ForgetAsync(own);

        Assert.That((before, database.Sql("SELECT COUNT(*) FROM RefreshTokens")), Is.EqualTo((3L, 1L)));
        Assert.That(database.Sql("SELECT COUNT(*) FROM GuestTokens"), Is.Zero);
        Assert.That((await own.RefreshAsync(newest.Item2.Text("refreshToken"))).Status, Is.EqualTo(HttpStatusCode.OK), "what is not over stays");
    }

    [Test]
    public async Task Of_many_sign_ins_that_are_over_none_stays()
    {
        await using var database = NewDatabase();
        await using var own = await AccountsApi.StartAsync(clock, database, settings: ("RateLimits:Enabled", "false"));
        await own.SignUpAsync("ana@example.com");
        await Task.WhenAll(Enumerable.Range(0, 25).Select(_ => own.SignInAsync("ana@example.com")));
        clock.Advance(TimeSpan.FromDays(91));

        await ForgetAsync(own);

        Assert.That(database.Sql("SELECT COUNT(*) FROM RefreshTokens"), Is.Zero);
    }

    private static Task ForgetAsync(TestHost host) =>
        host.App.Services.GetRequiredService<ForgetSignInsWorker>().RunOnceAsync(CancellationToken.None);

    [Test]
    public async Task Reuse_leaves_the_other_sign_ins_of_the_user_alone()
    {
        var elsewhere = (await host.SignInAsync(Email)).Text("refreshToken");
        await host.RefreshAsync(first);
        await host.RefreshAsync(first);

        Assert.That((await host.RefreshAsync(elsewhere)).Status, Is.EqualTo(HttpStatusCode.OK));
    }

    [Test]
    public async Task Of_many_exchanges_at_once_exactly_one_wins()
    {
        var replies = await Task.WhenAll(Enumerable.Range(0, 16).Select(_ => host.RefreshAsync(first)));

        Assert.That(replies.Count(reply => reply.Status == HttpStatusCode.OK), Is.EqualTo(1));
        Assert.That(replies.Count(reply => reply.Code == "refresh-token-reused"), Is.EqualTo(15));
    }

    [Test]
    public async Task Is_good_for_thirty_days_from_its_own_issue()
    {
        clock.Advance(TimeSpan.FromDays(29));
        var second = await host.RefreshAsync(first);
        clock.Advance(TimeSpan.FromDays(29));
        var third = await host.RefreshAsync(second.Text("refreshToken"));
        clock.Advance(TimeSpan.FromDays(30));
        var late = await host.RefreshAsync(third.Text("refreshToken"));

        Assert.Multiple(() =>
        {
            Assert.That(third.Status, Is.EqualTo(HttpStatusCode.OK));
            Assert.That(late.Code, Is.EqualTo("refresh-token-invalid"));
        });
    }

    [Test]
    public async Task Expired_ones_are_forgotten_at_the_next_sign_in()
    {
        clock.Advance(TimeSpan.FromDays(30));
        await host.SignInAsync(Email);

        var kept = Database.Sql($"SELECT COUNT(*) FROM RefreshTokens t JOIN AspNetUsers u ON u.Id = t.UserId WHERE u.Email = '{Email}'");
        Assert.That(kept, Is.EqualTo(1));
    }

    [TestCase("x")]
    [TestCase("not base64url!")]
    [TestCase("AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA")]
    [TestCase("AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA")]
    public async Task Refuses_what_is_no_token_of_ours(string token)
    {
        var reply = await host.RefreshAsync(token);

        Assert.That(reply.Status, Is.EqualTo(HttpStatusCode.Unauthorized));
        Assert.That(reply.Code, Is.EqualTo("refresh-token-invalid"));
    }

    [Test]
    public void Only_a_hash_of_it_is_stored()
    {
        var secret = System.Buffers.Text.Base64Url.DecodeFromChars(first);
        var hash = System.Security.Cryptography.SHA256.HashData(secret);

        Assert.Multiple(() =>
        {
            Assert.That(secret, Has.Length.EqualTo(32));
            Assert.That(Database.Sql($"SELECT COUNT(*) FROM RefreshTokens WHERE Hash = x'{Convert.ToHexString(hash)}'"), Is.EqualTo(1));
            Assert.That(Database.Sql($"SELECT COUNT(*) FROM RefreshTokens WHERE Hash = x'{Convert.ToHexString(secret)}'"), Is.Zero);
        });
    }

    [Test]
    public async Task Signing_out_ends_the_whole_sign_in()
    {
        var second = (await host.RefreshAsync(first)).Text("refreshToken");

        var signedOut = await host.SendAsync(HttpMethod.Post, "/api/v1/accounts/sign-out", new { refreshToken = first });
        var again = await host.SendAsync(HttpMethod.Post, "/api/v1/accounts/sign-out", new { refreshToken = first });

        Assert.Multiple(async () =>
        {
            Assert.That(signedOut.Status, Is.EqualTo(HttpStatusCode.NoContent));
            Assert.That(again.Status, Is.EqualTo(HttpStatusCode.NoContent));
            Assert.That((await host.RefreshAsync(second)).Code, Is.EqualTo("refresh-token-invalid"));
        });
    }

    [Test]
    public async Task Signing_out_ends_the_access_tokens_of_the_sign_in_and_no_others()
    {
        var renewed = await host.RefreshAsync(first);
        var elsewhere = await host.SignInAsync(Email);
        Assert.That((await host.MeAsync(renewed.Text("accessToken"))).Status, Is.EqualTo(HttpStatusCode.OK));

        await SignOutAsync(first);
        var ended = await host.MeAsync(renewed.Text("accessToken"));
        var again = await host.MeAsync(renewed.Text("accessToken"));

        Assert.Multiple(async () =>
        {
            Assert.That(ended.Status, Is.EqualTo(HttpStatusCode.Unauthorized));
            Assert.That(ended.Code, Is.EqualTo("token-ended"));
            Assert.That(again.Code, Is.EqualTo("token-ended"));
            Assert.That((await host.MeAsync(elsewhere.Text("accessToken"))).Status, Is.EqualTo(HttpStatusCode.OK));
        });
    }

    [Test]
    public async Task A_token_that_was_never_used_before_the_sign_out_is_refused_as_well()
    {
        var tokens = await host.SignInAsync(Email);

        await SignOutAsync(tokens.Text("refreshToken"));

        Assert.That((await host.MeAsync(tokens.Text("accessToken"))).Code, Is.EqualTo("token-ended"));
    }

    [Test]
    public async Task Signing_out_everywhere_ends_every_sign_in_of_this_user()
    {
        var elsewhere = await host.SignInAsync(Email);
        var somebody = await host.NewCustomerAsync("other-" + Email);

        var signedOut = await SignOutAsync(first, everywhere: true);

        Assert.Multiple(async () =>
        {
            Assert.That(signedOut.Status, Is.EqualTo(HttpStatusCode.NoContent));
            Assert.That((await host.MeAsync(elsewhere.Text("accessToken"))).Code, Is.EqualTo("token-ended"));
            Assert.That((await host.RefreshAsync(elsewhere.Text("refreshToken"))).Code, Is.EqualTo("refresh-token-invalid"));
            Assert.That((await host.MeAsync(somebody.Text("accessToken"))).Status, Is.EqualTo(HttpStatusCode.OK));
            Assert.That((await host.SignInAsync(Email)).Status, Is.EqualTo(HttpStatusCode.OK));
        });
    }

    [Test]
    public async Task A_token_that_is_worth_nothing_signs_nobody_out_everywhere()
    {
        var elsewhere = await host.SignInAsync(Email);
        await SignOutAsync(first);

        Assert.Multiple(async () =>
        {
            Assert.That((await SignOutAsync(first, everywhere: true)).Code, Is.EqualTo("refresh-token-invalid"));
            Assert.That((await SignOutAsync("not a token", everywhere: true)).Code, Is.EqualTo("refresh-token-invalid"));
            Assert.That((await host.MeAsync(elsewhere.Text("accessToken"))).Status, Is.EqualTo(HttpStatusCode.OK));
        });
    }

    [Test]
    public async Task Its_reuse_ends_the_access_tokens_within_a_second()
    {
        var second = await host.RefreshAsync(first);
        await host.RefreshAsync(first);

        await Eventually.Async(
            () =>
            {
                clock.Advance(FollowSignOutsWorker.Interval);
                return host.MeAsync(second.Text("accessToken"));
            },
            me => me.Code == "token-ended",
            "the end of the access token"
        );
    }

    [TestCase("not a token", HttpStatusCode.NoContent)]
    [TestCase("", HttpStatusCode.UnprocessableEntity)]
    public async Task Signing_out_with_an_unknown_token_is_no_error_but_with_none_it_is(string token, HttpStatusCode status)
    {
        var reply = await SignOutAsync(token);

        Assert.That(reply.Status, Is.EqualTo(status));
    }

    private Task<Reply> SignOutAsync(string refreshToken, bool everywhere = false) =>
        host.SendAsync(HttpMethod.Post, "/api/v1/accounts/sign-out", new { refreshToken, everywhere });
}
