using System.Net;
using Microsoft.Extensions.Time.Testing;
using Microsoft.IdentityModel.JsonWebTokens;
using TicketBooth.Accounts.Tests.Support;
using TicketBooth.Accounts.Tokens;
using TicketBooth.Testing;

namespace TicketBooth.Accounts.Tests;

/// <summary>Several hosts on one database, and the database going away.</summary>
internal sealed class TwoHostsTests
{
    private const string Email = "ana@example.com";

    private MySqlDatabase database = null!;

    [SetUp]
    public void NewDatabase() => database = new MySqlDatabase();

    [TearDown]
    public async Task DropDatabase() => await database.DisposeAsync();

    [Test]
    public async Task Hosts_that_start_at_once_on_nothing_end_with_one_key_and_one_administrator()
    {
        var hosts = await Task.WhenAll(Enumerable.Range(0, 6).Select(_ => AccountsApi.StartAsync(database: database)));
        try
        {
            var tokens = await Task.WhenAll(hosts.Select(host => host.AdminTokenAsync()));

            Assert.Multiple(async () =>
            {
                Assert.That(database.Sql("SELECT COUNT(*) FROM SigningKeys"), Is.EqualTo(1));
                Assert.That(database.Sql("SELECT COUNT(*) FROM CookieKeys"), Is.EqualTo(1));
                Assert.That(database.Sql("SELECT COUNT(*) FROM AspNetUsers"), Is.EqualTo(1));
                Assert.That(database.Sql("SELECT COUNT(*) FROM AspNetUserRoles"), Is.EqualTo(1));
                for (var i = 0; i < hosts.Length; i++)
                {
                    Assert.That((await hosts[i].MeAsync(tokens[(i + 1) % hosts.Length])).Status, Is.EqualTo(HttpStatusCode.OK), "each takes the token of the next");
                    Assert.That(hosts[i].Unprotect(hosts[(i + 1) % hosts.Length].Protect("a session")), Is.EqualTo("a session"), "and its cookies");
                }
            });
        }
        finally
        {
            foreach (var host in hosts)
            {
                await host.DisposeAsync();
            }
        }
    }

    [Test]
    public async Task A_host_takes_a_token_whose_key_was_made_after_it_started()
    {
        await using var first = await AccountsApi.StartAsync(database: database);
        await first.SignUpAsync(Email);
        var newer = SigningKeys.Make(TimeProvider.System.GetUtcNow());
        database.Insert(newer);
        await using var second = await AccountsApi.StartAsync(database: database);
        var token = (await second.SignInAsync(Email)).Text("accessToken");
        Assert.That(new JsonWebToken(token).Kid, Is.EqualTo(newer.Id));

        var me = await first.MeAsync(token);
        var published = (await first.SendAsync(HttpMethod.Get, "/.well-known/jwks.json")).Body!["keys"]!.AsArray();

        Assert.Multiple(async () =>
        {
            Assert.That(me.Text("email"), Is.EqualTo(Email));
            Assert.That(published, Has.Count.EqualTo(2));
            Assert.That(new JsonWebToken((await first.SignInAsync(Email)).Text("accessToken")).Kid, Is.EqualTo(newer.Id), "and signs with it itself from now on");
        });
    }

    [Test]
    public async Task Made_up_key_ids_cost_one_reading_a_second()
    {
        var clock = new FakeTimeProvider(new DateTimeOffset(2026, 12, 1, 20, 0, 0, TimeSpan.Zero));
        await using var first = await AccountsApi.StartAsync(clock, database);
        await first.SignUpAsync(Email);
        Assert.That((await first.MeAsync(WithKey((await first.SignInAsync(Email)).Text("accessToken"), "made-up"))).Code, Is.EqualTo("token-invalid"));
        database.Insert(SigningKeys.Make(clock.GetUtcNow().AddSeconds(1)));
        await using var second = await AccountsApi.StartAsync(clock, database);
        var token = (await second.SignInAsync(Email)).Text("accessToken");

        var early = await first.MeAsync(token);
        clock.Advance(TimeSpan.FromSeconds(1));
        var later = await first.MeAsync(token);

        Assert.That(early.Code, Is.EqualTo("token-invalid"));
        Assert.That(later.Status, Is.EqualTo(HttpStatusCode.OK));
    }

    [Test]
    public async Task Of_exchanges_of_a_refresh_token_at_both_hosts_exactly_one_wins()
    {
        await using var first = await AccountsApi.StartAsync(database: database);
        await using var second = await AccountsApi.StartAsync(database: database);
        var token = (await first.NewCustomerAsync(Email)).Text("refreshToken");

        var replies = await Task.WhenAll(Enumerable.Range(0, 16).Select(i => (i % 2 == 0 ? first : second).RefreshAsync(token)));
        var winner = replies.Single(reply => reply.Status == HttpStatusCode.OK);

        Assert.That(replies.Count(reply => reply.Code == "refresh-token-reused"), Is.EqualTo(15));
        Assert.That((await second.RefreshAsync(winner.Text("refreshToken"))).Code, Is.EqualTo("refresh-token-invalid"), "the family is revoked");
    }

    [Test]
    public async Task Signing_out_at_one_host_ends_the_access_token_at_the_other_and_after_a_restart()
    {
        var clock = new FakeTimeProvider(new DateTimeOffset(2026, 12, 1, 20, 0, 0, TimeSpan.Zero));
        await using var first = await AccountsApi.StartAsync(clock, database);
        await using var second = await AccountsApi.StartAsync(clock, database);
        var tokens = await first.NewCustomerAsync(Email);
        var other = await first.SignInAsync(Email);
        Assert.That((await second.MeAsync(tokens.Text("accessToken"))).Status, Is.EqualTo(HttpStatusCode.OK));

        await first.SendAsync(HttpMethod.Post, "/api/v1/accounts/sign-out", new { refreshToken = tokens.Text("refreshToken") });

        await Eventually.Async(
            () =>
            {
                clock.Advance(FollowSignOutsWorker.Interval);
                return second.MeAsync(tokens.Text("accessToken"));
            },
            me => me.Code == "token-ended",
            "the end of the access token at the second host"
        );
        Assert.That((await second.MeAsync(other.Text("accessToken"))).Status, Is.EqualTo(HttpStatusCode.OK));
        await using var third = await AccountsApi.StartAsync(clock, database);
        Assert.That((await third.MeAsync(tokens.Text("accessToken"))).Code, Is.EqualTo("token-ended"));
    }

    [Test]
    public async Task Families_that_are_renewed_and_revoked_at_once_end_in_one_piece()
    {
        await using var first = await AccountsApi.StartAsync(database: database);
        await using var second = await AccountsApi.StartAsync(database: database);
        await first.SignUpAsync(Email);
        for (var round = 0; round < 10; round++)
        {
            var old = (await first.SignInAsync(Email)).Text("refreshToken");
            var current = (await first.RefreshAsync(old)).Text("refreshToken");

            // The copy's use revokes the family while the owner goes on: whichever comes first, the other sees it.
            var replies = await Task.WhenAll(first.RefreshAsync(old), second.RefreshAsync(current), first.RefreshAsync(old));

            Assert.That(replies[0].Code, Is.EqualTo("refresh-token-reused"));
            Assert.That(replies[2].Code, Is.EqualTo("refresh-token-reused"));
            if (replies[1].Status == HttpStatusCode.OK)
            {
                Assert.That((await first.RefreshAsync(replies[1].Text("refreshToken"))).Code, Is.EqualTo("refresh-token-invalid"), "nothing of the family outlives it");
            }
            else
            {
                Assert.That(replies[1].Code, Is.EqualTo("refresh-token-invalid"));
            }
        }
    }

    [Test]
    public async Task Wrong_passwords_at_both_hosts_count_together()
    {
        await using var first = await AccountsApi.StartAsync(database: database);
        await using var second = await AccountsApi.StartAsync(database: database);
        await first.SignUpAsync(Email);

        var replies = await Task.WhenAll(Enumerable.Range(0, 40).Select(i => (i % 2 == 0 ? first : second).SignInAsync(Email, "wrong-password")));

        // A guess that was already being checked when the fifth failed may still finish; each host has as many places for that as cores.
        Assert.That(replies.Count(reply => reply.Code == "invalid-credentials"), Is.InRange(5, 4 + (2 * Environment.ProcessorCount)));
        Assert.That((await first.SignInAsync(Email)).Code, Is.EqualTo("locked-out"));
        Assert.That((await second.SignInAsync(Email)).Code, Is.EqualTo("locked-out"));
    }

    [Test]
    public async Task Of_sign_ups_with_one_address_at_both_hosts_exactly_one_gets_it()
    {
        await using var first = await AccountsApi.StartAsync(database: database);
        await using var second = await AccountsApi.StartAsync(database: database);

        var replies = await Task.WhenAll(Enumerable.Range(0, 16).Select(i => (i % 2 == 0 ? first : second).SignUpAsync(Email)));

        Assert.That(replies.Count(reply => reply.Status == HttpStatusCode.Created), Is.EqualTo(1));
        Assert.That(replies.Count(reply => reply.Code == "email-taken"), Is.EqualTo(15));
    }

    [TestCase(false)]
    [TestCase(true)]
    public async Task While_the_database_is_away_sign_in_says_when_to_come_back_and_tokens_go_on_working(bool hangs)
    {
        await using var proxy = database.NewProxy();
        await using var host = await AccountsApi.StartAsync(
            settings: ("ConnectionStrings:MySql", database.ConnectionStringThrough(proxy, settings => (settings.ConnectionTimeout, settings.DefaultCommandTimeout) = (1, 1))));
        var tokens = await host.NewCustomerAsync(Email);
        var known = tokens.Text("accessToken");
        var unseen = (await host.SignInAsync(Email)).Text("accessToken");
        await host.MeAsync(known);

        if (hangs)
        {
            proxy.Hush();
        }
        else
        {
            proxy.Cut();
        }

        Reply[] refused =
        [
            await host.SignInAsync(Email),
            await host.SignUpAsync("bia@example.com"),
            await host.RefreshAsync(tokens.Text("refreshToken")),
            await host.MeAsync(WithKey(known, "made-by-another-host")),
        ];
        var (me, first) = (await host.MeAsync(known), await host.MeAsync(unseen));
        proxy.Restore();
        var back = await Eventually.Async(() => host.SignInAsync(Email), reply => reply.Status == HttpStatusCode.OK, "sign-in to work again");

        Assert.Multiple(() =>
        {
            Assert.That(refused.Select(reply => reply.Status), Is.All.EqualTo(HttpStatusCode.ServiceUnavailable));
            Assert.That(refused.Select(reply => reply.Code), Is.All.EqualTo("unavailable"));
            Assert.That(refused.Select(reply => reply.MediaType), Is.All.EqualTo("application/problem+json"));
            Assert.That(refused.Select(reply => reply.Headers.RetryAfter?.Delta), Has.None.Null);
            Assert.That(me.Status, Is.EqualTo(HttpStatusCode.OK));
            Assert.That(first.Status, Is.EqualTo(HttpStatusCode.OK), "a token that this host sees for the first time");
            Assert.That(back.Text("accessToken"), Is.Not.Empty);
        });
    }

    /// <summary>The same token under another key id; its signature cannot hold.</summary>
    private static string WithKey(string token, string keyId) =>
        Microsoft.IdentityModel.Tokens.Base64UrlEncoder.Encode($$"""{"alg":"ES256","kid":"{{keyId}}","typ":"JWT"}""") + token[token.IndexOf('.', StringComparison.Ordinal)..];
}
