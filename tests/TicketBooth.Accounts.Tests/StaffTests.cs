using System.Net;
using TicketBooth.Accounts.Tests.Support;
using TicketBooth.Testing;

namespace TicketBooth.Accounts.Tests;

internal sealed class StaffTests(Provider provider) : AccountsFixture(provider)
{
    private TestHost host = null!;
    private string admin = null!;

    [SetUp]
    public async Task StartAsync()
    {
        host = await StartHostAsync();
        admin = await host.AdminTokenAsync();
    }

    [TearDown]
    public async Task StopAsync() => await host.DisposeAsync();

    [Test]
    public async Task An_administrator_finds_an_account_by_its_address()
    {
        var id = (await host.SignUpAsync("Ana@example.com")).Text("id");

        var found = (await host.SendAsync(HttpMethod.Get, "/api/v1/accounts?email=ana%40EXAMPLE.com", accessToken: admin)).Body!;

        Assert.Multiple(() =>
        {
            Assert.That(found.Select(field => field.Key), Is.EqualTo(["items", "nextCursor"]));
            Assert.That(found["items"]!.AsArray(), Has.Count.EqualTo(1));
            Assert.That(found["items"]![0]!.ToJsonString(), Is.EqualTo($$"""{"id":"{{id}}","name":"Ana","email":"Ana@example.com","roles":["customer"]}"""));
        });
    }

    [TestCase("/api/v1/accounts?email=nobody%40example.com", HttpStatusCode.OK, null)]
    [TestCase("/api/v1/accounts?email=nobody", HttpStatusCode.UnprocessableEntity, "validation-failed")]
    [TestCase("/api/v1/accounts", HttpStatusCode.BadRequest, "malformed-request")]
    public async Task A_search_without_a_match_is_empty_and_one_without_an_address_is_wrong(string path, HttpStatusCode status, string? code)
    {
        var reply = await host.SendAsync(HttpMethod.Get, path, accessToken: admin);

        Assert.That(reply.Status, Is.EqualTo(status));
        Assert.That(reply.Code, Is.EqualTo(code));
        Assert.That(reply.Body!["items"]?.AsArray(), Is.Null.Or.Empty);
    }

    [Test]
    public async Task An_appointed_clerk_has_the_role_with_the_next_token()
    {
        var id = (await host.SignUpAsync("ana@example.com")).Text("id");
        var tokens = await host.SignInAsync("ana@example.com");

        var changed = await PutRolesAsync(id, admin, "clerk", "customer", "clerk");
        var renewed = await host.RefreshAsync(tokens.Text("refreshToken"));

        Assert.Multiple(async () =>
        {
            Assert.That(changed.Status, Is.EqualTo(HttpStatusCode.OK));
            Assert.That(RolesOf(changed), Is.EqualTo(["clerk", "customer"]));
            Assert.That(RolesOf(await host.MeAsync(tokens.Text("accessToken"))), Is.EqualTo(["customer"]), "the token that was out");
            Assert.That(RolesOf(await host.MeAsync(renewed.Text("accessToken"))), Is.EqualTo(["clerk", "customer"]));
        });
    }

    [Test]
    public async Task A_new_administrator_may_do_what_an_administrator_may()
    {
        var id = (await host.SignUpAsync("ana@example.com")).Text("id");
        await PutRolesAsync(id, admin, "admin");
        var second = (await host.SignInAsync("ana@example.com")).Text("accessToken");

        Assert.That((await host.SendAsync(HttpMethod.Get, "/api/v1/accounts?email=ana%40example.com", accessToken: second)).Status, Is.EqualTo(HttpStatusCode.OK));
    }

    [Test]
    public async Task The_last_administrator_cannot_be_dismissed()
    {
        var id = (await host.MeAsync(admin)).Text("id");

        var reply = await PutRolesAsync(id, admin, "clerk");

        Assert.Multiple(async () =>
        {
            Assert.That(reply.Status, Is.EqualTo(HttpStatusCode.Conflict));
            Assert.That(reply.Code, Is.EqualTo("last-admin"));
            Assert.That(RolesOf(await host.MeAsync(await host.AdminTokenAsync())), Is.EqualTo(["admin"]));
        });
    }

    [Test]
    public async Task Two_administrators_who_dismiss_each_other_leave_one()
    {
        var firstId = (await host.MeAsync(admin)).Text("id");
        var secondId = (await host.SignUpAsync("ana@example.com")).Text("id");
        await PutRolesAsync(secondId, admin, "admin");
        var second = (await host.SignInAsync("ana@example.com")).Text("accessToken");

        var replies = await Task.WhenAll(PutRolesAsync(secondId, admin, "customer"), PutRolesAsync(firstId, second, "customer"));

        Assert.That(replies.Select(reply => reply.Status), Is.EquivalentTo([HttpStatusCode.OK, HttpStatusCode.Conflict]));
    }

    [Test]
    public async Task Refuses_roles_that_there_are_not_and_none_at_all()
    {
        var id = (await host.SignUpAsync("ana@example.com")).Text("id");

        foreach (var roles in new[] { [], new[] { "boss" }, ["Admin"], ["clerk", ""] })
        {
            var reply = await PutRolesAsync(id, admin, roles);
            Assert.That(reply.Status, Is.EqualTo(HttpStatusCode.UnprocessableEntity));
            Assert.That(reply.Code, Is.EqualTo("validation-failed"));
        }
    }

    [Test]
    public async Task Knows_no_account_of_a_made_up_id()
    {
        var reply = await PutRolesAsync(Guid.Empty.ToString(), admin, "clerk");

        Assert.That(reply.Status, Is.EqualTo(HttpStatusCode.NotFound));
        Assert.That(reply.Code, Is.EqualTo("account-not-found"));
    }

    [TestCase(null, HttpStatusCode.Unauthorized, "unauthenticated")]
    [TestCase("customer", HttpStatusCode.Forbidden, "forbidden")]
    [TestCase("clerk", HttpStatusCode.Forbidden, "forbidden")]
    public async Task Only_administrators_may(string? role, HttpStatusCode status, string code)
    {
        var id = (await host.SignUpAsync("ana@example.com")).Text("id");
        await PutRolesAsync(id, admin, role ?? "customer");
        var token = role is null ? null : (await host.SignInAsync("ana@example.com")).Text("accessToken");

        var find = await host.SendAsync(HttpMethod.Get, "/api/v1/accounts?email=ana%40example.com", accessToken: token);
        var put = await PutRolesAsync(id, token, "admin");

        foreach (var reply in new[] { find, put })
        {
            Assert.That(reply.Status, Is.EqualTo(status));
            Assert.That(reply.Code, Is.EqualTo(code));
            Assert.That(reply.MediaType, Is.EqualTo("application/problem+json"));
        }
    }

    private static IEnumerable<string?> RolesOf(Reply reply) => reply.Body!["roles"]!.AsArray().Select(role => (string?)role);

    private Task<Reply> PutRolesAsync(string id, string? token, params string[] roles) =>
        host.SendAsync(HttpMethod.Put, $"/api/v1/accounts/{id}/roles", new { roles }, token);
}
