using System.Net;
using System.Text.RegularExpressions;
using Microsoft.Extensions.Time.Testing;
using TicketBooth.Testing;

namespace TicketBooth.Dashboard.Tests;

/// <summary>Coming in, staying in, going out, being put out.</summary>
internal sealed class SessionTests
{
    private FakeTimeProvider clock = null!;
    private TestHost host = null!;

    [SetUp]
    public async Task StartAsync()
    {
        clock = new FakeTimeProvider(TimeProvider.System.GetUtcNow());
        host = await DashboardHost.StartAsync(clock);
    }

    [TearDown]
    public async Task StopAsync() => await host.DisposeAsync();

    [Test]
    public async Task The_cookie_is_for_pages_only_and_out_of_reach_of_scripts_and_other_sites()
    {
        using var browser = new Browser(host);

        var answer = await browser.SignInAsync(TestUsers.AdminEmail, TestUsers.AdminPassword);

        var cookie = answer.Message.Headers.GetValues("Set-Cookie").Single(each => each.StartsWith("ticketbooth.backoffice=", StringComparison.Ordinal));
        Assert.That(cookie.ToLowerInvariant(), Does.Contain("httponly").And.Contain("samesite=lax").And.Contain("path=/backoffice").And.Not.Contain("expires"));
    }

    [Test]
    public async Task Over_https_the_cookie_stays_there()
    {
        await using var behindTls = await DashboardHost.StartAsync(settings: ("Web:KnownProxies", "127.0.0.1"));
        using var client = new HttpClient { BaseAddress = behindTls.Address };
        client.DefaultRequestHeaders.Add("X-Forwarded-Proto", "https");

        using var answer = await client.GetAsync("/backoffice/sign-in");

        Assert.That(answer.Headers.GetValues("Set-Cookie"), Has.Some.Matches<string>(cookie => cookie.StartsWith("ticketbooth.backoffice.form=", StringComparison.Ordinal) && cookie.Contains("secure", StringComparison.OrdinalIgnoreCase)));
    }

    [Test]
    public async Task Signing_in_leads_to_where_somebody_wanted_to_go()
    {
        using var browser = new Browser(host);

        var answer = await browser.SendFormAsync(
            "/backoffice/sign-in?returnUrl=%2Fbackoffice%2Fsecurity", "/backoffice/sign-in?returnUrl=%2Fbackoffice%2Fsecurity", ("email", TestUsers.AdminEmail), ("password", TestUsers.AdminPassword));

        Assert.That(answer.Location, Is.EqualTo("/backoffice/security"));
    }

    [TestCase("https://evil.example/")]
    [TestCase("//evil.example/backoffice")]
    [TestCase("/backofficer")]
    [TestCase("/api/v1/events")]
    public async Task And_never_anywhere_else(string address)
    {
        using var browser = new Browser(host);
        var signIn = "/backoffice/sign-in?returnUrl=" + Uri.EscapeDataString(address);

        var answer = await browser.SendFormAsync(signIn, signIn, ("email", TestUsers.AdminEmail), ("password", TestUsers.AdminPassword));

        Assert.That(answer.Location, Is.EqualTo("/backoffice"));
    }

    [Test]
    public async Task Five_wrong_passwords_lock_out_here_and_at_the_REST_sign_in_alike()
    {
        using var browser = new Browser(host);
        for (var i = 0; i < 5; i++)
        {
            Assert.That((await browser.SignInAsync(TestUsers.AdminEmail, "wrong")).Text, Does.Contain("The e-mail address or the password is wrong."));
        }

        var locked = await browser.SignInAsync(TestUsers.AdminEmail, TestUsers.AdminPassword);

        Assert.That(locked.Text, Does.Contain("Too many wrong attempts."));
        Assert.That(async () => await TicketBoothApi.AdminAsync(host), Throws.InstanceOf<HttpRequestException>());
        clock.Advance(TimeSpan.FromMinutes(1));
        (await Browser.AdminAsync(host)).Dispose();
    }

    [Test]
    public async Task Signing_out_ends_the_session()
    {
        using var browser = await Browser.AdminAsync(host);

        var answer = await browser.SendFormAsync("/backoffice", "/backoffice/sign-out");

        Assert.That(answer.Location, Is.EqualTo("/backoffice/sign-in"));
        Assert.That((await browser.GetAsync("/backoffice")).Status, Is.EqualTo(HttpStatusCode.Redirect));
    }

    [Test]
    public async Task A_copy_of_the_cookie_is_worth_nothing_after_the_sign_out()
    {
        using var browser = await Browser.AdminAsync(host);
        using var thief = new Browser(host);
        thief.Cookies.Add(browser.Cookies.GetAllCookies());
        Assert.That((await thief.GetAsync("/backoffice")).Status, Is.EqualTo(HttpStatusCode.OK));

        await browser.SendFormAsync("/backoffice", "/backoffice/sign-out");

        Assert.That((await thief.GetAsync("/backoffice")).Status, Is.EqualTo(HttpStatusCode.Redirect));
    }

    [Test]
    public async Task Staff_see_where_they_are_signed_in_and_end_it()
    {
        using var here = await Browser.AdminAsync(host);
        using var there = await Browser.AdminAsync(host);
        using var elsewhere = await Browser.AdminAsync(host);
        const string Security = "/backoffice/security";
        var page = (await here.GetAsync(Security)).Text;
        var others = Regex.Matches(page, "name=\"sessionId\" value=\"(?<id>[^\"]+)\"", RegexOptions.ExplicitCapture, TimeSpan.FromMinutes(1)).Select(match => match.Groups["id"].Value).ToList();
        Assert.That(others, Has.Count.EqualTo(2));
        Assert.That(page, Does.Contain("This session").And.Contain("127.0.0.1"));

        await here.SendFormAsync(Security, Security + "?handler=End", ("sessionId", others[0]));
        var left = new[] { there, elsewhere }.Count(browser => browser.GetAsync("/backoffice").Result.Status == HttpStatusCode.OK);
        await here.SendFormAsync(Security, Security + "?handler=EndOthers");

        Assert.That(left, Is.EqualTo(1));
        Assert.That((await there.GetAsync("/backoffice")).Status, Is.EqualTo(HttpStatusCode.Redirect));
        Assert.That((await elsewhere.GetAsync("/backoffice")).Status, Is.EqualTo(HttpStatusCode.Redirect));
        Assert.That((await here.GetAsync("/backoffice")).Status, Is.EqualTo(HttpStatusCode.OK));
    }

    [Test]
    public async Task A_busy_session_ends_a_day_after_its_sign_in()
    {
        using var browser = await Browser.AdminAsync(host);
        for (var i = 0; i < 3; i++)
        {
            clock.Advance(TimeSpan.FromHours(7));
            Assert.That((await browser.GetAsync("/backoffice")).Status, Is.EqualTo(HttpStatusCode.OK));
        }

        clock.Advance(TimeSpan.FromHours(3));

        Assert.That((await browser.GetAsync("/backoffice")).Status, Is.EqualTo(HttpStatusCode.Redirect));
    }

    [Test]
    public async Task A_stream_ends_with_its_access_token()
    {
        var admin = await TicketBoothApi.AdminAsync(host);
        using var answer = await admin.Client.GetAsync("/api/v1/dashboard/stream", HttpCompletionOption.ResponseHeadersRead);
        answer.EnsureSuccessStatusCode();
        using var lines = new StreamReader(await answer.Content.ReadAsStreamAsync());
        Assert.That(await lines.ReadLineAsync(), Is.EqualTo("event: figures"));

        clock.Advance(TimeSpan.FromMinutes(15));

        await lines.ReadToEndAsync().WaitAsync(TimeSpan.FromMinutes(1));
    }

    [Test]
    public async Task A_dismissed_clerk_is_out_at_once()
    {
        var id = await Browser.NewUserAsync(host, "bruna@example.com", "clerk");
        using var bruna = await Browser.SignedInAsync(host, "bruna@example.com", Browser.Password);
        await Browser.SetRolesAsync(host, id, "customer");

        Assert.That((await bruna.GetAsync("/backoffice")).Status, Is.EqualTo(HttpStatusCode.Redirect));
    }

    [Test]
    public async Task A_session_lives_on_with_every_request_and_ends_eight_hours_after_the_last()
    {
        using var browser = await Browser.AdminAsync(host);
        for (var i = 0; i < 2; i++)
        {
            clock.Advance(TimeSpan.FromHours(7));
            Assert.That((await browser.GetAsync("/backoffice")).Status, Is.EqualTo(HttpStatusCode.OK));
        }

        clock.Advance(TimeSpan.FromHours(8.1));

        Assert.That((await browser.GetAsync("/backoffice")).Status, Is.EqualTo(HttpStatusCode.Redirect));
    }

    [Test]
    public async Task A_session_outlives_a_restart()
    {
        var folder = Directory.CreateTempSubdirectory("ticketbooth-restart-").FullName;
        try
        {
            CookieCollection cookies;
            await using (var first = await DashboardHost.StartAsync(folder: folder))
            {
                using var browser = await Browser.AdminAsync(first);
                cookies = browser.Cookies.GetAllCookies();
            }

            await using var second = await DashboardHost.StartAsync(folder: folder);
            using var later = new Browser(second);
            later.Cookies.Add(cookies);
            Assert.That((await later.GetAsync("/backoffice")).Status, Is.EqualTo(HttpStatusCode.OK));
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    [Test]
    public async Task The_second_factor_is_set_up_asked_for_recovered_from_and_switched_off()
    {
        using var browser = await Browser.AdminAsync(host);
        using var other = await Browser.AdminAsync(host);
        var setup = await browser.SendFormAsync("/backoffice/security", "/backoffice/security?handler=Begin");
        var key = Regex.Match(setup.Text, "<dd class=\"code\">(?<key>[A-Z2-7]{32})</dd>", RegexOptions.ExplicitCapture, TimeSpan.FromMinutes(1)).Groups["key"].Value;
        Assert.That(setup.Text, Does.Contain("<svg").And.Contain("shape-rendering"));

        var wrong = await browser.PostAsync("/backoffice/security?handler=Enable", ("code", "000000"), ("__RequestVerificationToken", Browser.TokenIn(setup.Text)));
        Assert.That(wrong.Text, Does.Contain("The code is wrong").And.Contain(key));
        var on = await browser.PostAsync("/backoffice/security?handler=Enable", ("code", Authenticator.CodeOf(key, clock.GetUtcNow())), ("__RequestVerificationToken", Browser.TokenIn(setup.Text)));
        var codes = Regex.Matches(on.Text, "<li class=\"code\">(?<code>[A-Z2-9-]{19})</li>", RegexOptions.ExplicitCapture, TimeSpan.FromMinutes(1)).Select(match => match.Groups["code"].Value).ToList();
        Assert.That(codes, Has.Count.EqualTo(10));

        Assert.That((await browser.GetAsync("/backoffice")).Status, Is.EqualTo(HttpStatusCode.OK), "who switched it on stays in");
        Assert.That((await other.GetAsync("/backoffice")).Status, Is.EqualTo(HttpStatusCode.Redirect), "other sessions end");

        using var again = new Browser(host);
        var firstStep = await again.SignInAsync(TestUsers.AdminEmail, TestUsers.AdminPassword);
        Assert.That(firstStep.Location, Does.StartWith("/backoffice/sign-in/second-factor"));
        Assert.That((await again.GetAsync("/backoffice")).Status, Is.EqualTo(HttpStatusCode.Redirect), "half a sign-in is none");
        const string SecondStep = "/backoffice/sign-in/second-factor";
        Assert.That((await again.SendFormAsync(SecondStep, SecondStep, ("code", codes[1] + "X"))).Text, Does.Contain("The code is wrong"));
        Assert.That((await again.SendFormAsync(SecondStep, SecondStep, ("code", codes[0]))).Location, Is.EqualTo("/backoffice"));
        Assert.That((await again.GetAsync("/backoffice")).Status, Is.EqualTo(HttpStatusCode.OK));

        // Each code is good once, and the one that switched it on is used.
        clock.Advance(TimeSpan.FromSeconds(61));
        var off = await again.SendFormAsync("/backoffice/security", "/backoffice/security?handler=Disable", ("code", Authenticator.CodeOf(key, clock.GetUtcNow())));
        Assert.That(off.Status, Is.EqualTo(HttpStatusCode.Redirect), off.Text);
        (await Browser.AdminAsync(host)).Dispose();
    }

    [Test]
    public async Task An_administrator_finds_appoints_and_dismisses()
    {
        var id = await Browser.NewUserAsync(host, "bruna@example.com", "customer");
        using var admin = await Browser.AdminAsync(host);

        var found = await admin.GetAsync("/backoffice/users?search=BRU");
        var appointed = await admin.SendFormAsync("/backoffice/users?search=bru", "/backoffice/users?search=bru&handler=Roles", ("userId", id), ("roles", "clerk"), ("seen", "customer"));
        var told = await admin.GetAsync(appointed.Location!);
        using var bruna = await Browser.SignedInAsync(host, "bruna@example.com", Browser.Password);

        Assert.That(found.Text, Does.Contain("bruna@example.com").And.Not.Contain(TestUsers.AdminEmail));
        Assert.That(appointed.Location, Does.StartWith("/backoffice/users?search=bru"));
        Assert.That(told.Text, Does.Contain("The roles of Bruna are set."));
        Assert.That((await bruna.GetAsync("/backoffice/users")).Status, Is.EqualTo(HttpStatusCode.Forbidden));
    }

    [Test]
    public async Task Roles_that_a_colleague_set_meanwhile_are_not_undone_and_a_refusal_says_why()
    {
        var id = await Browser.NewUserAsync(host, "caio@example.com", "clerk");
        using var admin = await Browser.AdminAsync(host);

        await admin.SendFormAsync("/backoffice/users", "/backoffice/users?handler=Roles", ("userId", id), ("roles", "customer"), ("roles", "admin"), ("seen", "customer"));
        var stale = await admin.GetAsync("/backoffice/users?search=caio");
        await admin.SendFormAsync("/backoffice/users", "/backoffice/users?handler=Roles", ("userId", id), ("seen", "clerk"));
        var none = await admin.GetAsync("/backoffice/users?search=caio");

        Assert.That(stale.Text, Does.Contain("Somebody else changed the roles of this account meanwhile."));
        Assert.That(none.Text, Does.Contain("At least one role is needed."));
        using var caio = await Browser.SignedInAsync(host, "caio@example.com", Browser.Password);
        Assert.That((await caio.GetAsync("/backoffice/users")).Status, Is.EqualTo(HttpStatusCode.Forbidden), "still a clerk");
    }

    [Test]
    public async Task A_form_that_comes_after_the_sessions_end_is_not_done_and_its_sender_is_told()
    {
        using var browser = await Browser.AdminAsync(host);
        var token = Browser.TokenIn((await browser.GetAsync("/backoffice/users")).Text);
        await browser.SendFormAsync("/backoffice", "/backoffice/sign-out");

        var sent = await browser.PostAsync("/backoffice/users?handler=Roles", ("userId", Guid.Empty.ToString()), ("roles", "clerk"), ("__RequestVerificationToken", token));

        Assert.That(sent.Status, Is.EqualTo(HttpStatusCode.Redirect));
        Assert.That((await browser.GetAsync(sent.Location!)).Text, Does.Contain("your request was not carried out"));
    }
}
