using System.Net;
using System.Text.RegularExpressions;
using TicketBooth.Testing;

namespace TicketBooth.Dashboard.Tests;

/// <summary>Staff who are invited with a link, and shut out again, in pages.</summary>
internal sealed partial class InvitationTests
{
    private const string Email = "carla@example.com";
    private const string Password = "a-password-of-my-own";

    private TestHost host = null!;
    private Browser admin = null!;

    [OneTimeSetUp]
    public async Task StartAsync()
    {
        host = await DashboardHost.StartAsync();
        admin = await Browser.AdminAsync(host);
    }

    [OneTimeTearDown]
    public async Task StopAsync()
    {
        admin.Dispose();
        await host.DisposeAsync();
    }

    [Test]
    public async Task Somebody_is_invited_by_a_link_signs_in_and_is_shut_out_again()
    {
        await admin.SendFormAsync("/backoffice/users", "/backoffice/users?handler=Invite", ("name", "Carla"), ("email", Email), ("staffRole", "clerk"));
        var users = (await admin.GetAsync("/backoffice/users")).Text;
        var link = new Uri(WebUtility.HtmlDecode(Link().Match(users).Groups["link"].Value)).PathAndQuery;
        var later = (await admin.GetAsync("/backoffice/users")).Text;

        using var carla = new Browser(host);
        var invited = await carla.GetAsync(link);
        var different = await carla.SendFormAsync(link, link, ("password", Password), ("again", "another-password"));
        var weak = await carla.SendFormAsync(link, link, ("password", "short"), ("again", "short"));
        var accepted = await carla.SendFormAsync(link, link, ("password", Password), ("again", Password));
        var again = await carla.GetAsync(link);
        var signedIn = await carla.SignInAsync(Email, Password);
        var working = await carla.GetAsync("/backoffice/orders");

        var id = Regex.Match(
            (await admin.GetAsync("/backoffice/users?search=carla")).Text, "name=\"userId\" value=\"(?<id>[^\"]+)\"", RegexOptions.ExplicitCapture, TimeSpan.FromMinutes(1)).Groups["id"].Value;
        await admin.SendFormAsync("/backoffice/users", "/backoffice/users?handler=Disable", ("userId", id));
        var disabled = (await admin.GetAsync("/backoffice/users?search=carla")).Text;
        var shutOut = await carla.GetAsync("/backoffice/orders");
        var refused = await carla.SignInAsync(Email, Password);
        var log = (await admin.GetAsync("/backoffice/acts?subjectId=" + id)).Text;

        Assert.Multiple(() =>
        {
            Assert.That(users, Does.Contain("Carla is invited.").And.Contain(">Invited<").And.Contain(">New link"));
            Assert.That(later, Does.Not.Contain("token="), "the link is shown once");
            Assert.That(invited.Text, Does.Contain("Welcome, Carla."));
            Assert.That(different.Text, Does.Contain("The two passwords differ."));
            Assert.That(weak.Text, Does.Contain("8 to 128 characters."));
            Assert.That(accepted.Location, Is.EqualTo("/backoffice/sign-in"));
            Assert.That(again.Text, Does.Contain("This invitation is unknown, was used before, or has expired."));
            Assert.That(signedIn.Location, Is.EqualTo("/backoffice"));
            Assert.That(working.Status, Is.EqualTo(HttpStatusCode.OK));
            Assert.That(disabled, Does.Contain(">Disabled<"));
            Assert.That(shutOut.Location, Does.Contain("/backoffice/sign-in"));
            Assert.That(refused.Text, Does.Contain("This account is disabled."));
            Assert.That(log, Does.Contain("Account disabled").And.Contain("<bdi>Carla</bdi>").And.Not.Contain("token"));
        });
    }

    [Test]
    public async Task Somebody_is_invited_to_the_door_and_lands_there()
    {
        await admin.SendFormAsync("/backoffice/users", "/backoffice/users?handler=Invite", ("name", "Dora"), ("email", "dora@example.com"), ("staffRole", "door"));
        var link = new Uri(WebUtility.HtmlDecode(Link().Match((await admin.GetAsync("/backoffice/users")).Text).Groups["link"].Value)).PathAndQuery;
        using var dora = new Browser(host);

        var accepted = await dora.SendFormAsync(link, link, ("password", Password), ("again", Password));
        var signedIn = await dora.SignInAsync("dora@example.com", Password);
        var office = await dora.GetAsync("/backoffice/orders");
        var door = await TicketBoothApi.SignInAsync(host, "dora@example.com", Password);

        Assert.That((accepted.Location, signedIn.Location), Is.EqualTo(("/backoffice/sign-in", "/door")));
        Assert.That(office.Status, Is.EqualTo(HttpStatusCode.Forbidden));
        Assert.That((await door.GetAsync("/api/v1/accounts/me"))["roles"]!.AsArray().Select(role => (string)role!), Does.Contain("door"));
    }

    [Test]
    public async Task An_invitation_that_is_refused_keeps_what_was_typed()
    {
        var refused = await admin.SendFormAsync(
            "/backoffice/users", "/backoffice/users?handler=Invite", ("name", "Dora"), ("email", TestUsers.AdminEmail), ("staffRole", "admin"));

        Assert.That(refused.Text, Does.Contain("There is already an account with this e-mail address.").And.Contain("value=\"Dora\"").And.Contain($"value=\"{TestUsers.AdminEmail}\""));
        Assert.That(refused.Text, Does.Match("<option value=\"admin\" selected=\"selected\">"));
    }

    [GeneratedRegex("id=\"invitation-link\"[^>]* value=\"(?<link>[^\"]+)\"", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 60_000)]
    private static partial Regex Link();
}
