using MediatR;
using Microsoft.Extensions.Time.Testing;
using TicketBooth.Accounts.Contracts;
using TicketBooth.Accounts.Tests.Support;
using TicketBooth.Testing;

namespace TicketBooth.Accounts.Tests;

/// <summary>What other modules ask of Accounts.</summary>
internal sealed class UserContractTests(Provider provider) : AccountsFixture(provider)
{
    private readonly FakeTimeProvider clock = new(new DateTimeOffset(2026, 12, 1, 20, 0, 0, TimeSpan.Zero));
    private TestHost host = null!;

    [OneTimeSetUp]
    public async Task StartAsync() => host = await StartHostAsync(clock);

    [OneTimeTearDown]
    public async Task StopAsync() => await host.DisposeAsync();

    [Test]
    public async Task Wrong_passwords_count_together_with_those_of_the_REST_sign_in()
    {
        await host.SignUpAsync(Email);
        for (var i = 0; i < 3; i++)
        {
            Assert.That((await SendAsync(new VerifyPassword(Email, "wrong-password", AccountsApi.Here))).Error?.Code, Is.EqualTo("invalid-credentials"));
        }

        for (var i = 0; i < 2; i++)
        {
            Assert.That((await host.SignInAsync(Email, "wrong-password")).Code, Is.EqualTo("invalid-credentials"));
        }

        var locked = await SendAsync(new VerifyPassword(Mine("ANA@example.com"), AccountsApi.Password, AccountsApi.Here));
        clock.Advance(TimeSpan.FromMinutes(1));
        var free = await SendAsync(new VerifyPassword(Mine("ANA@example.com"), AccountsApi.Password, AccountsApi.Here));

        Assert.Multiple(() =>
        {
            Assert.That(locked.Error?.Code, Is.EqualTo("locked-out"));
            Assert.That(locked.Error?.RetryAfter, Is.EqualTo(TimeSpan.FromMinutes(1)));
            Assert.That(free.Value.Roles, Is.EqualTo(["customer"]));
        });
    }

    [Test]
    public async Task A_session_ends_with_other_roles_and_goes_on_without()
    {
        var id = await NewUserAsync("Ana", Email);
        var user = (await SendAsync(new VerifyPassword(Email, AccountsApi.Password, AccountsApi.Here))).Value;
        var session = (await SendAsync(new BeginSession(id, user.SecurityStamp, "Firefox", "192.0.2.1", TimeSpan.FromDays(1)))).Value;

        var before = await SendAsync(new ResumeSession(session, TimeSpan.FromHours(8)));
        var changed = await SendAsync(new ChangeUserRoles(id, ["clerk"]));
        var after = await SendAsync(new ResumeSession(session, TimeSpan.FromHours(8)));
        var nobody = await SendAsync(new ResumeSession(Guid.Empty, TimeSpan.FromHours(8)));

        Assert.Multiple(() =>
        {
            Assert.That(before.Value.Id, Is.EqualTo(id));
            Assert.That(changed.Value.Roles, Is.EqualTo(["clerk"]));
            Assert.That(after.Error?.Code, Is.EqualTo("session-ended"));
            Assert.That(nobody.Error?.Code, Is.EqualTo("session-ended"));
        });
    }

    [Test]
    public async Task Roles_replace_only_those_that_were_seen()
    {
        var id = await NewUserAsync("Ana", Email);
        await SendAsync(new ChangeUserRoles(id, ["customer", "clerk"]));

        var stale = await SendAsync(new ChangeUserRoles(id, ["admin"], Replaces: ["customer"]));
        var seen = await SendAsync(new ChangeUserRoles(id, ["clerk"], Replaces: ["clerk", "customer"]));

        Assert.That(stale.Error?.Code, Is.EqualTo("roles-changed"));
        Assert.That(seen.Value.Roles, Is.EqualTo(["clerk"]));
    }

    [Test]
    public async Task The_last_administrator_stays()
    {
        var admin = (await SendAsync(new VerifyPassword(TestUsers.AdminEmail, TestUsers.AdminPassword, AccountsApi.Here))).Value;

        var dismissed = await SendAsync(new ChangeUserRoles(admin.Id, ["clerk"]));

        Assert.That(dismissed.Error?.Code, Is.EqualTo("last-admin"));
        Assert.That((await SendAsync(new GetUsers([admin.Id]))).Value[0].Roles, Is.EqualTo(["admin"]));
    }

    [Test]
    public async Task Users_are_found_by_any_word_of_their_name_or_the_beginning_of_their_address_page_by_page()
    {
        await using var database = NewDatabase();
        await using var few = await AccountsApi.StartAsync(clock, database);
        await few.SignUpAsync("zeca@example.com", "João Silva");
        await few.SignUpAsync("joana@example.com", "Ana");
        await few.SignUpAsync("a@example.com", "Joaquim");
        await few.SignUpAsync("maria@example.com", "Maria 100%");

        var jo = await few.SendAsync(new FindUsers("JO"));
        var joao = await few.SendAsync(new FindUsers("joão"));
        var lastName = await few.SendAsync(new FindUsers("SILV"));
        var both = await few.SendAsync(new FindUsers("silva joao"));
        var plain = await few.SendAsync(new FindUsers("joao"));
        var middle = await few.SendAsync(new FindUsers("ilva"));
        var nothing = await few.SendAsync(new FindUsers("\ufffe"));
        var percent = await few.SendAsync(new FindUsers("%"));
        var first = await few.SendAsync(new FindUsers(Limit: 3));
        var second = await few.SendAsync(new FindUsers(Cursor: first.Value.NextCursor, Limit: 3));
        var admins = await few.SendAsync(new FindUsers(Role: "admin"));

        Assert.Multiple(() =>
        {
            Assert.That(Emails(jo), Is.EqualTo(["a@example.com", "joana@example.com", "zeca@example.com"]));
            Assert.That(Emails(joao), Is.EqualTo(["zeca@example.com"]));
            Assert.That(Emails(lastName), Is.EqualTo(["zeca@example.com"]));
            Assert.That(Emails(both), Is.EqualTo(["zeca@example.com"]));
            Assert.That(Emails(plain), Is.EqualTo(["zeca@example.com"]));
            Assert.That(Emails(middle), Is.Empty);
            Assert.That(nothing.Error?.Code, Is.EqualTo("validation-failed"));
            Assert.That(Emails(percent), Is.Empty);
            Assert.That(Emails(first), Is.EqualTo(["a@example.com", TestUsers.AdminEmail, "joana@example.com"]));
            Assert.That(Emails(second), Is.EqualTo(["maria@example.com", "zeca@example.com"]));
            Assert.That(second.Value.NextCursor, Is.Null);
            Assert.That(Emails(admins), Is.EqualTo([TestUsers.AdminEmail]));
        });

        static IEnumerable<string> Emails(BuildingBlocks.Kernel.Result<BuildingBlocks.Kernel.Page<UserView>> found) => found.Value.Items.Select(user => user.Email);
    }

    [Test]
    public async Task A_question_that_makes_no_sense_is_refused()
    {
        FindUsers[] wrong = [new(new string('x', 255)), new(Role: "boss"), new(Cursor: "!"), new(Limit: 0), new(Limit: 201)];
        foreach (var question in wrong)
        {
            Assert.That((await SendAsync(question)).Error?.Code, Is.EqualTo("validation-failed"), question.ToString());
        }

        Assert.That((await SendAsync(new GetUsers([.. Enumerable.Repeat(Guid.Empty, 201)]))).Error?.Code, Is.EqualTo("validation-failed"));
    }

    [Test]
    public async Task Names_for_ids_are_those_of_the_users_that_exist()
    {
        var ana = await NewUserAsync("Ana", Email);

        var found = await SendAsync(new GetUsers([ana, ana, Guid.Empty]));

        Assert.That(found.Value, Has.Count.EqualTo(1));
        Assert.That(
            found.Value[0], Has.Property("Name").EqualTo("Ana").And.Property("Email").EqualTo(Email).And.Property("HasSecondFactor").False);
    }

    private async Task<Guid> NewUserAsync(string name, string email) => Guid.Parse((await host.SignUpAsync(email, name)).Text("id"));

    private Task<T> SendAsync<T>(IRequest<T> request) => host.SendAsync(request);
}
