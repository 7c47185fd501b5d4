using System.Net;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;
using TicketBooth.Accounts.Contracts;
using TicketBooth.Accounts.Tests.Support;
using TicketBooth.BuildingBlocks.Kernel;
using TicketBooth.Testing;

namespace TicketBooth.Accounts.Tests;

/// <summary>People who take their data along, and people who are forgotten.</summary>
internal sealed class ErasureTests(Provider provider) : AccountsFixture(provider)
{
    private readonly FakeTimeProvider clock = new(new DateTimeOffset(2026, 12, 1, 20, 0, 0, TimeSpan.Zero));
    private readonly Obstacle obstacle = new();
    private TestHost host = null!;

    [OneTimeSetUp]
    public async Task StartAsync() => host = await StartHostAsync(clock, services => services.AddSingleton<IErasureObstacle>(obstacle));

    [OneTimeTearDown]
    public async Task StopAsync() => await host.DisposeAsync();

    [SetUp]
    public void Forget()
    {
        clock.Advance(TimeSpan.FromDays(2));
        Database.Sql("DELETE FROM WrongPasswords");
        obstacle.Found = null;
    }

    [Test]
    public async Task Who_is_erased_is_signed_out_and_the_address_is_free()
    {
        var tokens = await host.NewCustomerAsync(Email);
        var id = (await host.MeAsync(tokens.Text("accessToken"))).Text("id");

        var erased = await EraseAsync(tokens, new { currentPassword = AccountsApi.Password });
        var told = host.Told<AccountErased>(Email).Single();
        var anew = await host.SignUpAsync(Email, name: "Another Ana");

        Assert.Multiple(async () =>
        {
            Assert.That((erased.Status, erased.Body), Is.EqualTo((HttpStatusCode.NoContent, (object?)null)));
            Assert.That((told.AccountId.ToString(), told.Name, told.EmailConfirmed), Is.EqualTo((id, "Ana", false)));
            Assert.That((await host.MeAsync(tokens.Text("accessToken"))).Code, Is.EqualTo("token-ended"));
            Assert.That((await host.RefreshAsync(tokens.Text("refreshToken"))).Code, Is.EqualTo("refresh-token-invalid"));
            Assert.That((await host.SendAsync(new GetUsers([Guid.Parse(id)]))).Value, Is.Empty);
            Assert.That(anew.Status, Is.EqualTo(HttpStatusCode.Created));
            Assert.That(anew.Text("id"), Is.Not.EqualTo(id));
            Assert.That((await host.SendAsync(new FindUsers("ana " + Email))).Value.Items.Select(user => user.Name), Is.EqualTo(new[] { "Another Ana" }));
        });
    }

    [Test]
    public async Task Nothing_of_the_person_is_left_in_any_table_but_the_message_about_it()
    {
        var tokens = await host.NewCustomerAsync(Email);
        await host.SendAsync(HttpMethod.Put, "/api/v1/accounts/me", new { name = "Zenobia Quirino", email = Mine("zq@example.com"), currentPassword = AccountsApi.Password }, tokens.Text("accessToken"));
        await host.SendAsync(HttpMethod.Post, "/api/v1/accounts/password-reset", new { email = Email });
        await host.SendAsync(HttpMethod.Post, "/api/v1/accounts/guest", new { email = Email, name = "Zenobia Quirino" });
        var id = (await host.MeAsync(tokens.Text("accessToken"))).Text("id");

        await EraseAsync(tokens, new { currentPassword = AccountsApi.Password });

        Assert.Multiple(() =>
        {
            Assert.That(Database.Sql($"SELECT COUNT(*) FROM AspNetUsers WHERE NormalizedEmail = '{Email.ToUpperInvariant()}' OR Name LIKE 'Zenobia%' OR SearchName LIKE '%ZENOBIA%'"), Is.Zero);
            Assert.That(Database.Sql($"SELECT COUNT(*) FROM GuestTokens WHERE NormalizedEmail = '{Email.ToUpperInvariant()}'"), Is.Zero);
            Assert.That(Database.Sql($"SELECT COUNT(*) FROM MailRequests WHERE NormalizedEmail = '{Email.ToUpperInvariant()}'"), Is.Zero);
            Assert.That(Database.Sql($"SELECT COUNT(*) FROM MailTokens WHERE UPPER(UserId) = '{id.ToUpperInvariant()}'"), Is.Zero);
            Assert.That(Database.Sql($"SELECT COUNT(*) FROM AspNetUsers WHERE UPPER(Id) = '{id.ToUpperInvariant()}' AND PasswordHash IS NULL AND ErasedAt IS NOT NULL"), Is.EqualTo(1));
        });
    }

    [Test]
    public async Task Of_many_who_erase_one_account_one_does()
    {
        var tokens = await host.NewCustomerAsync(Email);

        var replies = await Task.WhenAll(Enumerable.Range(0, 6).Select(_ => EraseAsync(tokens, new { currentPassword = AccountsApi.Password })));

        Assert.That(replies.Count(reply => reply.Status == HttpStatusCode.NoContent), Is.EqualTo(1));
        Assert.That(host.Told<AccountErased>(Email), Has.Count.EqualTo(1));
    }

    [Test]
    public async Task A_wrong_password_erases_nobody_and_neither_does_an_access_token_alone()
    {
        var tokens = await host.NewCustomerAsync(Email);

        var wrong = await EraseAsync(tokens, new { currentPassword = "not-the-password" });
        var none = await EraseAsync(tokens, new { });
        var both = await EraseAsync(tokens, new { currentPassword = AccountsApi.Password, token = "x" });
        var token = await EraseAsync(tokens, new { token = "x" });

        Assert.Multiple(async () =>
        {
            Assert.That((wrong.Status, wrong.Code), Is.EqualTo((HttpStatusCode.Unauthorized, "invalid-credentials")));
            Assert.That((none.Code, both.Code, token.Code), Is.EqualTo(("validation-failed", "validation-failed", "mail-token-invalid")));
            Assert.That((await host.SignInAsync(Email)).Status, Is.EqualTo(HttpStatusCode.OK));
        });
    }

    [Test]
    public async Task A_guest_who_has_no_password_proves_the_address()
    {
        var tokens = await GuestAsync();
        await host.SendAsync(HttpMethod.Post, "/api/v1/accounts/guest", new { email = Email });
        var other = Mine("other@example.com");
        await host.SendAsync(HttpMethod.Post, "/api/v1/accounts/guest", new { email = other });

        var stranger = await EraseAsync(tokens, new { token = host.Told<GuestAccessAsked>(other).Single().Token });
        var erased = await EraseAsync(tokens, new { token = host.Told<GuestAccessAsked>(Email)[^1].Token });

        Assert.That((stranger.Code, erased.Status), Is.EqualTo(("mail-token-invalid", HttpStatusCode.NoContent)));
        Assert.That(host.Told<AccountErased>(Email).Single().EmailConfirmed, Is.True);
    }

    [Test]
    public async Task What_must_end_first_stops_it_and_leaves_everything_as_it_is()
    {
        var tokens = await host.NewCustomerAsync(Email);
        obstacle.Found = Error.Conflict("order-open", "An order waits.");

        var refused = await EraseAsync(tokens, new { currentPassword = AccountsApi.Password });

        Assert.Multiple(async () =>
        {
            Assert.That((refused.Status, refused.Code), Is.EqualTo((HttpStatusCode.Conflict, "order-open")));
            Assert.That((await host.MeAsync(tokens.Text("accessToken"))).Status, Is.EqualTo(HttpStatusCode.OK));
            Assert.That(host.Told<AccountErased>(Email), Is.Empty);
        });
    }

    [Test]
    public async Task Staff_are_not_erased_and_only_administrators_erase_others()
    {
        var admin = await host.AdminTokenAsync();
        var adminId = Guid.Parse((await host.MeAsync(admin)).Text("id"));
        var tokens = await host.NewCustomerAsync(Email);
        var id = Guid.Parse((await host.MeAsync(tokens.Text("accessToken"))).Text("id"));

        var last = await host.SendAsync(HttpMethod.Delete, "/api/v1/accounts/me", new { currentPassword = TestUsers.AdminPassword }, admin);
        var byCustomer = await host.SendAsync(new EraseAccount(adminId, new Actor(id, "Ana")));
        await host.SendAsync(new ChangeUserRoles(id, ["customer", "clerk"]));
        var clerk = await host.SendAsync(new EraseAccount(id, new Actor(adminId, "Admin")));
        await host.SendAsync(new ChangeUserRoles(id, ["customer"]));
        var erased = await host.SendAsync(new EraseAccount(id, new Actor(adminId, "Admin")));
        var again = await host.SendAsync(new EraseAccount(id, new Actor(adminId, "Admin")));

        Assert.Multiple(() =>
        {
            Assert.That(last.Code, Is.EqualTo("last-admin"));
            Assert.That((byCustomer.Error!.Code, clerk.Error!.Code, again.Error!.Code), Is.EqualTo(("role-lost", "staff-account", "account-not-found")));
            Assert.That(erased.Value.Id, Is.EqualTo(id));
        });
    }

    [Test]
    public async Task The_export_has_the_account_and_its_sign_ins_and_no_secret()
    {
        var tokens = await host.NewCustomerAsync(Email);
        await host.RefreshAsync(tokens.Text("refreshToken"));
        clock.Advance(TimeSpan.FromMinutes(1));
        var second = await host.SignInAsync(Email);

        var (first, again) = (await ExportAsync(second), await ExportAsync(second));

        Assert.Multiple(() =>
        {
            Assert.That(first.Body!["account"]!["email"]!.GetValue<string>(), Is.EqualTo(Email));
            Assert.That(first.Body["signIns"]!.AsArray(), Has.Count.EqualTo(2), "a renewal is no sign-in");
            Assert.That(first.Body["sessions"]!.AsArray(), Is.Empty);
            Assert.That(first.Body["orders"], Is.Null, "the module is not loaded");
            Assert.That(first.Body.ToJsonString(), Is.EqualTo(again.Body!.ToJsonString()), "the clock stands still, and the order stays");
            Assert.That(first.Body.ToJsonString(), Does.Not.Contain("hash").IgnoreCase.And.Not.Contain("stamp").IgnoreCase);
            Assert.That(first.Headers.CacheControl!.NoStore, Is.True);
        });
    }

    private Task<Reply> ExportAsync(Reply tokens) =>
        host.SendAsync(HttpMethod.Get, "/api/v1/accounts/me/export", accessToken: tokens.Text("accessToken"));

    private Task<Reply> EraseAsync(Reply tokens, object body) =>
        host.SendAsync(HttpMethod.Delete, "/api/v1/accounts/me", body, tokens.Text("accessToken"));

    private async Task<Reply> GuestAsync()
    {
        await host.SendAsync(HttpMethod.Post, "/api/v1/accounts/guest", new { email = Email });
        return await host.SendAsync(HttpMethod.Post, "/api/v1/accounts/guest/confirm", new { token = host.Told<GuestAccessAsked>(Email).Single().Token });
    }

    private sealed class Obstacle : IErasureObstacle
    {
        public Error? Found { get; set; }

        public Task<Error?> FindAsync(Person person, CancellationToken cancellationToken) => Task.FromResult(Found);
    }
}
