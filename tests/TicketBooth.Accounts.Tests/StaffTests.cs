using System.Net;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using TicketBooth.Accounts.Contracts;
using TicketBooth.Accounts.Tests.Support;
using TicketBooth.BuildingBlocks.Kernel;
using TicketBooth.Testing;

namespace TicketBooth.Accounts.Tests;

internal sealed class StaffTests(Provider provider) : AccountsFixture(provider)
{
    private const string Invitations = "/api/v1/staff/invitations";

    private TestHost host = null!;
    private string admin = null!;

    [OneTimeSetUp]
    public async Task StartAsync()
    {
        host = await StartHostAsync();
        admin = await host.AdminTokenAsync();
    }

    [OneTimeTearDown]
    public async Task StopAsync() => await host.DisposeAsync();

    [Test]
    public async Task An_administrator_finds_an_account_by_its_address()
    {
        var id = (await host.SignUpAsync(Mine("Ana@example.com"))).Text("id");

        var found = (await host.SendAsync(HttpMethod.Get, SearchOf(Mine("ana@EXAMPLE.com")), accessToken: admin)).Body!;

        Assert.Multiple(() =>
        {
            Assert.That(found.Select(field => field.Key), Is.EqualTo(["items", "nextCursor"]));
            Assert.That(found["items"]!.AsArray(), Has.Count.EqualTo(1));
            Assert.That(
                found["items"]![0]!.ToJsonString(),
                Is.EqualTo($$"""{"id":"{{id}}","name":"Ana","email":"{{Mine("Ana@example.com")}}","emailConfirmed":false,"roles":["customer"]}"""));
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
        var id = (await host.SignUpAsync(Email)).Text("id");
        var tokens = await host.SignInAsync(Email);

        var changed = await PutRolesAsync(host, id, admin, "clerk", "customer", "clerk");
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
        var id = (await host.SignUpAsync(Email)).Text("id");
        await PutRolesAsync(host, id, admin, "admin");
        var second = (await host.SignInAsync(Email)).Text("accessToken");

        Assert.That((await host.SendAsync(HttpMethod.Get, SearchOf(Email), accessToken: second)).Status, Is.EqualTo(HttpStatusCode.OK));
    }

    [Test]
    public async Task The_last_administrator_cannot_be_dismissed()
    {
        await using var database = NewDatabase();
        await using var lonely = await AccountsApi.StartAsync(database: database);
        var last = await lonely.AdminTokenAsync();
        var id = (await lonely.MeAsync(last)).Text("id");

        var reply = await PutRolesAsync(lonely, id, last, "clerk");

        Assert.Multiple(async () =>
        {
            Assert.That(reply.Status, Is.EqualTo(HttpStatusCode.Conflict));
            Assert.That(reply.Code, Is.EqualTo("last-admin"));
            Assert.That(RolesOf(await lonely.MeAsync(await lonely.AdminTokenAsync())), Is.EqualTo(["admin"]));
        });
    }

    [Test]
    public async Task Two_administrators_who_dismiss_each_other_leave_one()
    {
        await using var database = NewDatabase();
        await using var duel = await AccountsApi.StartAsync(database: database);
        var first = await duel.AdminTokenAsync();
        var firstId = (await duel.MeAsync(first)).Text("id");
        var secondId = (await duel.SignUpAsync(Email)).Text("id");
        await PutRolesAsync(duel, secondId, first, "admin");
        var second = (await duel.SignInAsync(Email)).Text("accessToken");

        var replies = await Task.WhenAll(
            PutRolesAsync(duel, secondId, first, "customer"), PutRolesAsync(duel, firstId, second, "customer"));

        // Who comes later is turned away with the token, or else in the transaction.
        Assert.That(replies.Count(reply => reply.Status == HttpStatusCode.OK), Is.EqualTo(1));
        Assert.That(replies.Single(reply => reply.Status != HttpStatusCode.OK).Code, Is.AnyOf("token-outdated", "role-lost"));
    }

    [Test]
    public async Task A_dismissed_administrator_can_do_and_see_nothing_more_with_the_token_that_is_out()
    {
        var id = (await host.SignUpAsync(Email)).Text("id");
        await PutRolesAsync(host, id, admin, "admin");
        var tokens = await host.SignInAsync(Email);
        var used = tokens.Text("accessToken");
        var fresh = (await host.SignInAsync(Email)).Text("accessToken");
        Assert.That((await host.SendAsync(HttpMethod.Get, SearchOf(Email), accessToken: used)).Status, Is.EqualTo(HttpStatusCode.OK));

        await PutRolesAsync(host, id, admin, "customer");

        Reply[] refused =
        [
            await PutRolesAsync(host, id, used, "admin"),
            await PutRolesAsync(host, id, fresh, "admin"),
            await host.SendAsync(HttpMethod.Get, SearchOf(Email), accessToken: used),
            await host.MeAsync(used),
        ];
        Assert.Multiple(async () =>
        {
            Assert.That(refused.Select(reply => (reply.Status, reply.Code)), Is.All.EqualTo((HttpStatusCode.Unauthorized, "token-outdated")));
            Assert.That(RolesOf(await host.MeAsync((await host.RefreshAsync(tokens.Text("refreshToken"))).Text("accessToken"))), Is.EqualTo(["customer"]));
        });
    }

    [Test]
    public async Task An_act_of_somebody_who_lost_the_role_meanwhile_changes_nothing()
    {
        var id = Guid.Parse((await host.SignUpAsync(Email)).Text("id"));
        var dismissed = new Actor(id, "Ana");

        var appointed = await host.SendAsync(new ChangeUserRoles(id, ["admin"], dismissed));
        var reset = await host.SendAsync(new ResetSecondFactor(id, dismissed));

        Assert.Multiple(async () =>
        {
            Assert.That(appointed.Error?.Code, Is.EqualTo("role-lost"));
            Assert.That(reset.Error?.Code, Is.EqualTo("role-lost"));
            Assert.That((await host.SendAsync(new GetUsers([id]))).Value[0].Roles, Is.EqualTo(["customer"]));
        });
    }

    [Test]
    public async Task Refuses_roles_that_there_are_not_and_none_at_all()
    {
        var id = (await host.SignUpAsync(Email)).Text("id");

        foreach (var roles in new[] { [], new[] { "boss" }, ["Admin"], ["clerk", ""] })
        {
            var reply = await PutRolesAsync(host, id, admin, roles);
            Assert.That(reply.Status, Is.EqualTo(HttpStatusCode.UnprocessableEntity));
            Assert.That(reply.Code, Is.EqualTo("validation-failed"));
        }
    }

    [Test]
    public async Task Roles_that_were_changed_since_they_were_read_are_not_overwritten()
    {
        var path = $"/api/v1/accounts/{(await host.SignUpAsync(Email)).Text("id")}/roles";
        var read = await SendAsync(HttpMethod.Get, path);
        var tag = read.Headers.ETag!.ToString();

        var first = await SendAsync(HttpMethod.Put, path, "clerk", tag);
        var second = await SendAsync(HttpMethod.Put, path, "admin", tag);
        var madeUp = await SendAsync(HttpMethod.Put, path, "admin", "\"made-up\"");
        var next = await SendAsync(HttpMethod.Put, path, "customer", "W/" + first.Headers.ETag);
        var unknown = await SendAsync(HttpMethod.Get, $"/api/v1/accounts/{Guid.Empty}/roles");

        Assert.Multiple(() =>
        {
            Assert.That(RolesOf(read), Is.EqualTo(["customer"]));
            Assert.That(first.Status, Is.EqualTo(HttpStatusCode.OK));
            Assert.That((second.Status, second.Code), Is.EqualTo((HttpStatusCode.PreconditionFailed, "roles-changed")));
            Assert.That(madeUp.Status, Is.EqualTo(HttpStatusCode.PreconditionFailed));
            Assert.That(RolesOf(next), Is.EqualTo(["customer"]));
            Assert.That(unknown.Code, Is.EqualTo("account-not-found"));
        });
    }

    [Test]
    public async Task Staff_are_invited_over_REST_and_the_invitation_is_renewed()
    {
        var invited = await host.SendAsync(HttpMethod.Post, Invitations, new { name = "Carla", email = Email, role = "clerk" }, admin);
        var again = await host.SendAsync(HttpMethod.Post, Invitations, new { name = "Carla", email = Email, role = "clerk" }, admin);
        var wrong = await host.SendAsync(HttpMethod.Post, Invitations, new { name = "\u202e", email = "x", role = "customer" }, admin);
        var renewed = await host.SendAsync(HttpMethod.Post, $"{Invitations}/{invited.Text("id")}/renew", accessToken: admin);
        var lost = await host.SendAsync(new FindInvitation(invited.Text("token")));
        var accepted = await host.SendAsync(new AcceptInvitation(renewed.Text("token"), AccountsApi.Password, AccountsApi.Here));
        var late = await host.SendAsync(HttpMethod.Post, $"{Invitations}/{invited.Text("id")}/renew", accessToken: admin);

        Assert.Multiple(async () =>
        {
            Assert.That(invited.Status, Is.EqualTo(HttpStatusCode.Created));
            Assert.That(invited.Body!.Select(field => field.Key), Is.EqualTo(["id", "name", "email", "role", "token", "expiresAt"]));
            Assert.That(invited.Headers.CacheControl?.NoStore, Is.True);
            Assert.That(again.Code, Is.EqualTo("email-taken"));
            Assert.That(wrong.Body!["errors"]!.AsObject().Select(field => field.Key), Is.EquivalentTo(["name", "email", "role"]));
            Assert.That(renewed.Status, Is.EqualTo(HttpStatusCode.OK));
            Assert.That(lost.Error?.Code, Is.EqualTo("invitation-invalid"));
            Assert.That(accepted.IsSuccess, Is.True);
            Assert.That(late.Code, Is.EqualTo("invitation-accepted"));
            Assert.That(RolesOf(await host.MeAsync((await host.SignInAsync(Email)).Text("accessToken"))), Is.EqualTo(["clerk"]));
        });
    }

    [Test]
    public async Task Knows_no_account_of_a_made_up_id()
    {
        var reply = await PutRolesAsync(host, Guid.Empty.ToString(), admin, "clerk");

        Assert.That(reply.Status, Is.EqualTo(HttpStatusCode.NotFound));
        Assert.That(reply.Code, Is.EqualTo("account-not-found"));
    }

    [TestCase(null, HttpStatusCode.Unauthorized, "unauthenticated")]
    [TestCase("customer", HttpStatusCode.Forbidden, "forbidden")]
    [TestCase("clerk", HttpStatusCode.Forbidden, "forbidden")]
    public async Task Only_administrators_may(string? role, HttpStatusCode status, string code)
    {
        var id = (await host.SignUpAsync(Email)).Text("id");
        await PutRolesAsync(host, id, admin, role ?? "customer");
        var token = role is null ? null : (await host.SignInAsync(Email)).Text("accessToken");

        var find = await host.SendAsync(HttpMethod.Get, SearchOf(Email), accessToken: token);
        var put = await PutRolesAsync(host, id, token, "admin");
        var get = await host.SendAsync(HttpMethod.Get, $"/api/v1/accounts/{id}/roles", accessToken: token);
        var invite = await host.SendAsync(HttpMethod.Post, Invitations, new { name = "Carla", email = "x" + Email, role = "clerk" }, token);
        var renew = await host.SendAsync(HttpMethod.Post, $"{Invitations}/{id}/renew", accessToken: token);

        foreach (var reply in new[] { find, put, get, invite, renew })
        {
            Assert.That(reply.Status, Is.EqualTo(status));
            Assert.That(reply.Code, Is.EqualTo(code));
            Assert.That(reply.MediaType, Is.EqualTo("application/problem+json"));
        }
    }

    private async Task<Reply> SendAsync(HttpMethod method, string path, string? role = null, string? ifMatch = null)
    {
        using var request = new HttpRequestMessage(method, path) { Content = role is null ? null : JsonContent.Create(new { roles = new[] { role } }) };
        request.Headers.TryAddWithoutValidation("Authorization", "Bearer " + admin);
        if (ifMatch is not null)
        {
            request.Headers.TryAddWithoutValidation("If-Match", ifMatch);
        }

        using var response = await host.Client.SendAsync(request);
        var body = JsonNode.Parse(await response.Content.ReadAsStringAsync()) as JsonObject;
        return new Reply(response.StatusCode, body, response.Headers, response.Content.Headers.ContentType?.MediaType);
    }

    private static IEnumerable<string?> RolesOf(Reply reply) => reply.Body!["roles"]!.AsArray().Select(role => (string?)role);

    private static string SearchOf(string address) => "/api/v1/accounts?email=" + Uri.EscapeDataString(address);

    private static Task<Reply> PutRolesAsync(TestHost at, string id, string? token, params string[] roles) =>
        at.SendAsync(HttpMethod.Put, $"/api/v1/accounts/{id}/roles", new { roles }, token);
}
