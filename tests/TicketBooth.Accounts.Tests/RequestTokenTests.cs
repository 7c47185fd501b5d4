using System.Net;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;
using TicketBooth.Accounts.Domain;
using TicketBooth.Accounts.SigningIn;
using TicketBooth.Accounts.Tests.Support;
using TicketBooth.Testing;

namespace TicketBooth.Accounts.Tests;

internal sealed class RequestTokenTests(Provider provider) : AccountsFixture(provider)
{
    private readonly FakeTimeProvider clock = new(new DateTimeOffset(2026, 12, 1, 20, 0, 0, TimeSpan.Zero));
    private TestHost host = null!;

    [OneTimeSetUp]
    public async Task StartAsync() => host = await StartHostAsync(clock);

    [SetUp]
    public async Task SignUpAsync() => await host.SignUpAsync(Email);

    [OneTimeTearDown]
    public async Task StopAsync() => await host.DisposeAsync();

    [Test]
    public async Task Gives_tokens_for_the_right_password()
    {
        var reply = await host.SignInAsync(Mine("ANA@example.com"));

        Assert.Multiple(() =>
        {
            Assert.That(reply.Status, Is.EqualTo(HttpStatusCode.OK));
            Assert.That(reply.Body!.Select(field => field.Key), Is.EqualTo(["accessToken", "tokenType", "expiresIn", "refreshToken"]));
            Assert.That(reply.Text("tokenType"), Is.EqualTo("Bearer"));
            Assert.That((int)reply.Body!["expiresIn"]!, Is.EqualTo(15 * 60));
            Assert.That(reply.Headers.CacheControl?.NoStore, Is.True);
        });
    }

    [Test]
    public async Task Takes_the_lifetime_of_access_tokens_from_the_settings()
    {
        await using var brief = await AccountsApi.StartAsync(clock, settings: ("Accounts:AccessTokenMinutes", "2"));
        var tokens = await brief.NewCustomerAsync();

        clock.Advance(TimeSpan.FromSeconds(119));
        var before = await brief.MeAsync(tokens.Text("accessToken"));
        clock.Advance(TimeSpan.FromSeconds(1));
        var after = await brief.MeAsync(tokens.Text("accessToken"));

        Assert.Multiple(() =>
        {
            Assert.That((int)tokens.Body!["expiresIn"]!, Is.EqualTo(120));
            Assert.That(before.Status, Is.EqualTo(HttpStatusCode.OK));
            Assert.That(after.Code, Is.EqualTo("token-expired"));
        });
    }

    [Test]
    public async Task Does_not_tell_a_wrong_password_from_an_unknown_address()
    {
        var wrong = await host.SignInAsync(Email, "wrong-password");
        var unknown = await host.SignInAsync(Mine("nobody@example.com"), "wrong-password");
        var nonsense = await host.SignInAsync("no address", "wrong-password");

        foreach (var reply in new[] { wrong, unknown, nonsense })
        {
            reply.Body!.Remove("traceId");
            Assert.That(reply.Status, Is.EqualTo(HttpStatusCode.Unauthorized));
            Assert.That(reply.Code, Is.EqualTo("invalid-credentials"));
            Assert.That(reply.Body.ToJsonString(), Is.EqualTo(wrong.Body!.ToJsonString()));
        }
    }

    [TestCase("{}")]
    [TestCase("""{"email":"ana@example.com"}""")]
    [TestCase("""{"password":"a-long-enough-password"}""")]
    [TestCase("""{"email":"ana@example.com","password":""}""")]
    [TestCase("""{"refreshToken":""}""")]
    [TestCase("""{"email":"ana@example.com","password":"a-long-enough-password","refreshToken":"x"}""")]
    [TestCase("""{"email":"ana@example.com","refreshToken":"x"}""")]
    public async Task Wants_exactly_one_of_the_two_forms(string body)
    {
        var reply = await host.SendAsync(HttpMethod.Post, "/api/v1/accounts/token", System.Text.Json.Nodes.JsonNode.Parse(body));

        Assert.That(reply.Status, Is.EqualTo(HttpStatusCode.UnprocessableEntity));
        Assert.That(reply.Code, Is.EqualTo("validation-failed"));
        Assert.That(reply.Body!["errors"]!.AsObject(), Is.Not.Empty);
    }

    [Test]
    public async Task Five_wrong_passwords_delay_the_next_attempt_from_there_and_nobody_elsewhere()
    {
        for (var i = 0; i < 5; i++)
        {
            Assert.That((await host.SignInAsync(Email, "wrong-password")).Code, Is.EqualTo("invalid-credentials"));
        }

        clock.Advance(TimeSpan.FromSeconds(15));
        var locked = await host.SignInAsync(Email);
        var elsewhere = await host.SendAsync(new Contracts.VerifyPassword(Email, AccountsApi.Password, "192.0.2.1"));
        clock.Advance(TimeSpan.FromSeconds(45));
        var free = await host.SignInAsync(Email);

        Assert.Multiple(() =>
        {
            Assert.That(locked.Status, Is.EqualTo(HttpStatusCode.Unauthorized));
            Assert.That(locked.Code, Is.EqualTo("locked-out"));
            Assert.That(locked.Headers.RetryAfter?.Delta, Is.EqualTo(TimeSpan.FromSeconds(45)));
            Assert.That(elsewhere.IsSuccess);
            Assert.That(free.Status, Is.EqualTo(HttpStatusCode.OK));
        });
    }

    [Test]
    public async Task An_address_that_nobody_has_is_delayed_like_any_other()
    {
        var replies = new List<(Reply Known, Reply Unknown)>();
        for (var i = 0; i < 7; i++)
        {
            replies.Add((await host.SignInAsync(Email, "wrong-password"), await host.SignInAsync(Mine("nobody@example.com"), "wrong-password")));
        }

        Assert.Multiple(() =>
        {
            Assert.That(replies[^1].Known.Code, Is.EqualTo("locked-out"));
            foreach (var (known, unknown) in replies)
            {
                known.Body!.Remove("traceId");
                unknown.Body!.Remove("traceId");
                Assert.That(unknown.Body.ToJsonString(), Is.EqualTo(known.Body.ToJsonString()));
                Assert.That(unknown.Headers.RetryAfter?.Delta, Is.EqualTo(known.Headers.RetryAfter?.Delta));
            }
        });
    }

    [TestCase(4, 0)]
    [TestCase(5, 1)]
    [TestCase(6, 2)]
    [TestCase(10, 32)]
    [TestCase(11, 60)]
    [TestCase(int.MaxValue, 60)]
    public void Each_further_one_doubles_the_delay_up_to_an_hour(int failures, int minutes) =>
        Assert.That(AccountRules.DelayAfter(failures), Is.EqualTo(TimeSpan.FromMinutes(minutes)));

    [Test]
    public async Task Wrong_passwords_are_forgotten_after_a_day()
    {
        await using var database = NewDatabase();
        await using var own = await AccountsApi.StartAsync(clock, database);
        await own.SignInAsync("a@example.com", "wrong-password");
        clock.Advance(TimeSpan.FromHours(25));
        await own.SignInAsync("b@example.com", "wrong-password");

        await own.App.Services.GetRequiredService<ForgetWrongPasswordsWorker>().RunOnceAsync(CancellationToken.None);

        Assert.That(database.Sql("SELECT COUNT(*) FROM WrongPasswords"), Is.EqualTo(1));
    }

    [Test]
    public async Task Forgets_wrong_passwords_after_a_right_one()
    {
        for (var i = 0; i < 9; i++)
        {
            await host.SignInAsync(Email, i == 4 ? AccountsApi.Password : "wrong-password");
        }

        Assert.That((await host.SignInAsync(Email)).Status, Is.EqualTo(HttpStatusCode.OK));
    }

    [Test]
    public async Task Counts_wrong_passwords_that_come_at_once()
    {
        var replies = await Task.WhenAll(Enumerable.Range(0, 40).Select(_ => host.SignInAsync(Email, "wrong-password")));

        // A guess that was already being checked when the fifth failed may still finish; there are as many places for that as cores.
        Assert.That(replies.Count(reply => reply.Code == "invalid-credentials"), Is.InRange(5, 4 + Environment.ProcessorCount));
        Assert.That((await host.SignInAsync(Email)).Code, Is.EqualTo("locked-out"));
    }

    [Test]
    public async Task Lets_a_locked_out_user_who_is_signed_in_stay_so()
    {
        var tokens = await host.SignInAsync(Email);
        for (var i = 0; i < 5; i++)
        {
            await host.SignInAsync(Email, "wrong-password");
        }

        Assert.That((await host.RefreshAsync(tokens.Text("refreshToken"))).Status, Is.EqualTo(HttpStatusCode.OK));
    }
}
