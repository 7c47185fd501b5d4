using MediatR;
using Microsoft.Extensions.Time.Testing;
using TicketBooth.Accounts.Contracts;
using TicketBooth.Accounts.Domain;
using TicketBooth.Accounts.Tests.Support;
using TicketBooth.Accounts.Tokens;
using TicketBooth.BuildingBlocks.Kernel;
using TicketBooth.Testing;

namespace TicketBooth.Accounts.Tests;

/// <summary>Stored sessions: how they begin, how they are seen, and everything that ends them.</summary>
internal sealed class SessionTests(Provider provider) : AccountsFixture(provider)
{
    private static readonly TimeSpan idle = TimeSpan.FromHours(8);
    private static readonly TimeSpan longest = TimeSpan.FromHours(24);

    private readonly FakeTimeProvider clock = new(new DateTimeOffset(2026, 12, 1, 20, 0, 0, TimeSpan.Zero));
    private TestHost host = null!;
    private SessionUser ana = null!;

    [OneTimeSetUp]
    public async Task StartAsync() => host = await StartHostAsync(clock);

    [SetUp]
    public async Task SignUpAsync()
    {
        await host.SignUpAsync(Email);
        ana = (await SendAsync(new VerifyPassword(Email, AccountsApi.Password, AccountsApi.Here))).Value;
    }

    [OneTimeTearDown]
    public async Task StopAsync() => await host.DisposeAsync();

    [Test]
    public async Task A_session_goes_on_until_it_is_ended_and_only_its_user_ends_it()
    {
        var session = await BeginAsync();
        var other = await BeginAsync();

        await SendAsync(new EndSession(Guid.Empty, session));
        var before = await ResumeAsync(session);
        await SendAsync(new EndSession(ana.Id, session));

        Assert.Multiple(async () =>
        {
            Assert.That(before.Value.Id, Is.EqualTo(ana.Id));
            Assert.That((await ResumeAsync(session)).Error?.Code, Is.EqualTo("session-ended"));
            Assert.That((await ResumeAsync(other)).IsSuccess, "another session of the same user");
            Assert.That((await SendAsync(new EndSession(ana.Id, session))).IsSuccess, "ended already");
        });
    }

    [Test]
    public async Task A_session_ends_when_it_is_idle_for_too_long()
    {
        var session = await BeginAsync();
        clock.Advance(idle - TimeSpan.FromMinutes(1));
        var busy = await ResumeAsync(session);
        clock.Advance(idle - TimeSpan.FromMinutes(1));

        // The check of a long request is no activity.
        var watching = await SendAsync(new ResumeSession(session, idle, IsRequest: false));
        clock.Advance(TimeSpan.FromMinutes(1));

        Assert.That((busy.IsSuccess, watching.IsSuccess), Is.EqualTo((true, true)));
        Assert.That((await ResumeAsync(session)).Error?.Code, Is.EqualTo("session-ended"));
    }

    [Test]
    public async Task A_session_ends_after_its_longest_time_however_busy_it_is()
    {
        var session = await BeginAsync();
        for (var hour = 1; hour < 24; hour++)
        {
            clock.Advance(TimeSpan.FromHours(1));
            Assert.That((await ResumeAsync(session)).IsSuccess);
        }

        clock.Advance(TimeSpan.FromHours(1));

        Assert.That((await ResumeAsync(session)).Error?.Code, Is.EqualTo("session-ended"));
    }

    [Test]
    public async Task Sessions_are_listed_the_last_used_first_and_all_others_can_be_ended()
    {
        var first = await BeginAsync("Firefox");
        clock.Advance(TimeSpan.FromMinutes(2));
        var second = await BeginAsync(new string('x', 300));
        clock.Advance(TimeSpan.FromMinutes(2));
        await ResumeAsync(first);

        var listed = (await SendAsync(new ListSessions(ana.Id, idle))).Value;
        await SendAsync(new EndOtherSessions(ana.Id, second));
        var left = (await SendAsync(new ListSessions(ana.Id, idle))).Value;

        Assert.Multiple(() =>
        {
            Assert.That(listed.Select(session => session.Id), Is.EqualTo([first, second]));
            Assert.That(listed[0].SeenAt, Is.EqualTo(clock.GetUtcNow()));
            Assert.That(listed[0].EndsAt - listed[0].BeganAt, Is.EqualTo(longest));
            Assert.That((listed[0].Device, listed[0].Address), Is.EqualTo(("Firefox", "192.0.2.1")));
            Assert.That(listed[1].Device, Has.Length.EqualTo(256));
            Assert.That(left.Select(session => session.Id), Is.EqualTo([second]));
        });
    }

    [Test]
    public async Task Signing_out_everywhere_else_ends_the_sign_ins_over_the_API_too()
    {
        var session = await BeginAsync();
        var tokens = await host.SignInAsync(Email);

        await SendAsync(new EndOtherSessions(ana.Id, session));

        Assert.That((await host.RefreshAsync(tokens.Text("refreshToken"))).Code, Is.EqualTo("refresh-token-invalid"));
        await AccessEndsAsync(tokens);
    }

    [Test]
    public async Task Signing_out_everywhere_over_the_API_ends_the_sessions_too()
    {
        var session = await BeginAsync();
        var tokens = await host.SignInAsync(Email);

        await host.SendAsync(
            HttpMethod.Post, "/api/v1/accounts/sign-out", new { refreshToken = tokens.Text("refreshToken"), everywhere = true });

        Assert.That((await ResumeAsync(session)).Error?.Code, Is.EqualTo("session-ended"));
    }

    [Test]
    public async Task A_disabled_account_has_no_access_over_the_API_any_more()
    {
        var tokens = await host.SignInAsync(Email);
        var admin = (await SendAsync(new FindUsers(Role: "admin"))).Value.Items[0];

        await SendAsync(new DisableAccount(ana.Id, new Actor(admin.Id, admin.Name)));

        await AccessEndsAsync(tokens);
    }

    [Test]
    public async Task A_second_factor_ends_the_access_of_those_who_signed_in_without()
    {
        var tokens = await host.SignInAsync(Email);
        var key = (await SendAsync(new BeginSecondFactor(ana.Id))).Value.Key;

        await SendAsync(new EnableSecondFactor(ana.Id, Totp.CodeAt(key, clock.GetUtcNow())));

        await AccessEndsAsync(tokens);
    }

    [Test]
    public async Task Sessions_that_are_over_are_not_listed_and_do_not_stay()
    {
        await BeginAsync();
        clock.Advance(longest);
        var listed = await SendAsync(new ListSessions(ana.Id, longest * 2));
        await BeginAsync();

        Assert.That(listed.Value, Is.Empty);
        Assert.That(Database.Sql($"SELECT COUNT(*) FROM Sessions JOIN AspNetUsers ON AspNetUsers.Id = UserId WHERE Email = '{Email}'"), Is.EqualTo(1));
    }

    [Test]
    public async Task A_sign_in_from_before_the_roles_changed_begins_no_session()
    {
        var before = await BeginAsync();
        await SendAsync(new ChangeUserRoles(ana.Id, ["clerk"]));

        var late = await SendAsync(new BeginSession(ana.Id, ana.SecurityStamp, "Firefox", "192.0.2.1", longest));

        Assert.That(late.Error?.Code, Is.EqualTo("session-ended"));
        Assert.That((await ResumeAsync(before)).Error?.Code, Is.EqualTo("session-ended"));
    }

    private Task AccessEndsAsync(Reply tokens) =>
        Eventually.Async(
            () =>
            {
                clock.Advance(FollowSignOutsWorker.Interval);
                return host.MeAsync(tokens.Text("accessToken"));
            },
            me => me.Code == "token-ended",
            "the end of the access token"
        );

    private async Task<Guid> BeginAsync(string device = "Firefox") =>
        (await SendAsync(new BeginSession(ana.Id, ana.SecurityStamp, device, "192.0.2.1", longest))).Value;

    private Task<Result<SessionUser>> ResumeAsync(Guid session) => SendAsync(new ResumeSession(session, idle));

    private Task<T> SendAsync<T>(IRequest<T> request) => host.SendAsync(request);
}
