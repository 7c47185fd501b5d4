using System.Net.Http.Json;
using System.Text.RegularExpressions;
using TicketBooth.Dashboard.AuditLog;
using TicketBooth.Testing;

namespace TicketBooth.Dashboard.Tests;

/// <summary>A person whom staff erase, and what the audit log still says of them.</summary>
internal sealed class ErasureTests
{
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
    public async Task An_administrator_erases_a_person_and_the_log_says_so_without_a_name()
    {
        const string Email = "zenobia@example.com";
        await admin.SendFormAsync("/backoffice/users", "/backoffice/users?handler=Invite", ("name", "Zenobia Quirino"), ("email", Email), ("staffRole", "clerk"));
        var found = (await admin.GetAsync("/backoffice/users?search=zenobia")).Text;
        var id = Regex.Match(found, "name=\"userId\" value=\"(?<id>[^\"]+)\"", RegexOptions.ExplicitCapture, TimeSpan.FromMinutes(1)).Groups["id"].Value;
        var staff = await admin.SendFormAsync("/backoffice/users", "/backoffice/users?handler=Erase", ("userId", id));
        var refused = (await admin.GetAsync("/backoffice/users")).Text;
        await admin.SendFormAsync("/backoffice/users", "/backoffice/users?handler=Roles", ("userId", id), ("roles", "customer"), ("seen", "clerk"));
        var offered = (await admin.GetAsync("/backoffice/users?search=zenobia")).Text;
        await admin.SendFormAsync("/backoffice/users", "/backoffice/users?handler=Erase", ("userId", id));
        var done = (await admin.GetAsync("/backoffice/users?search=zenobia")).Text;

        var log = await Eventually.Async(
            async () => (await admin.GetAsync("/backoffice/acts")).Text,
            text => !text.Contains(Email, StringComparison.OrdinalIgnoreCase) && !text.Contains("Quirino", StringComparison.Ordinal),
            "the log to forget her");

        Assert.Multiple(() =>
        {
            Assert.That(found, Does.Not.Contain("Erase the person"), "not of a member of staff");
            Assert.That(staff.Location, Does.Contain("/backoffice/users"));
            Assert.That(refused, Does.Contain("The account belongs to a member of staff."));
            Assert.That(offered, Does.Contain("Erase the person").And.Contain("This cannot be undone."));
            Assert.That(done, Does.Contain("The person is erased.").And.Not.Contain("Quirino"));
            Assert.That(log, Does.Contain("Account erased").And.Contain("Roles set").And.Contain("Member of staff invited"));
        });
    }

    [Test]
    public async Task Who_has_typed_somebody_elses_address_takes_nothing_of_theirs_out_of_the_log()
    {
        const string Email = "yara@example.com";
        var id = await Browser.NewUserAsync(host, Email, "customer", "Stranger Strange");
        await admin.SendFormAsync("/backoffice/users", "/backoffice/users?handler=Invite", ("name", "Yara Pontes"), ("email", Email), ("staffRole", "clerk"));
        await admin.SendFormAsync("/backoffice/users", "/backoffice/users?handler=Roles", ("userId", id), ("roles", "clerk"), ("seen", "customer"));
        await admin.SendFormAsync("/backoffice/users", "/backoffice/users?handler=Roles", ("userId", id), ("roles", "customer"), ("seen", "clerk"));
        var unconfirmed = (await admin.GetAsync("/backoffice/users?search=stranger")).Text;
        await EraseAsync(Email);
        var kept = await LogWithoutAsync("Stranger Strange");

        await Browser.NewUserAsync(host, Email, "customer", "Yara Pontes");
        await Mailbox.ConfirmAsync(host, Email);
        var confirmed = (await admin.GetAsync("/backoffice/users?search=yara")).Text;
        await EraseAsync(Email);
        var gone = await LogWithoutAsync("Yara Pontes");

        Assert.Multiple(() =>
        {
            Assert.That(unconfirmed, Does.Contain("Address not confirmed"));
            Assert.That(kept, Does.Contain(Email).And.Contain("Yara Pontes"), "the invitation that was refused");
            Assert.That(confirmed, Does.Contain("Yara Pontes").And.Not.Contain("Address not confirmed"));
            Assert.That(gone, Does.Not.Contain(Email));
        });
    }

    private async Task EraseAsync(string email)
    {
        var person = await TicketBoothApi.SignInAsync(host, email, Browser.Password);
        using var request = new HttpRequestMessage(HttpMethod.Delete, "/api/v1/accounts/me") { Content = JsonContent.Create(new { currentPassword = Browser.Password }) };
        using var erased = await person.Client.SendAsync(request);
        erased.EnsureSuccessStatusCode();
    }

    private Task<string> LogWithoutAsync(string name) =>
        Eventually.Async(
            async () => (await admin.GetAsync("/backoffice/acts")).Text, text => !text.Contains(name, StringComparison.Ordinal), $"the log to forget {name}");

    [TestCase("Call na@example.com.", "Call erased.")]
    [TestCase("<NA@example.com>, ana@example.com", "<erased>, ana@example.com")]
    [TestCase("na@example.com.br and x.na@example.com", "na@example.com.br and x.na@example.com")]
    public void A_longer_address_is_somebody_elses(string note, string left) =>
        Assert.That(ErasedPeople.Remove($$"""{"note":"{{note}}"}""", "na@example.com", isAboutThem: false), Is.EqualTo($$"""{"note":"{{left}}"}"""));

    [Test]
    public void Only_what_is_the_persons_goes_out_of_a_line()
    {
        const string Json = """
            {"userId":"1","by":{"id":"2","name":"Ana"},"user":{"name":"Zenobia","email":"Z@example.com","roles":["clerk"]},"note":"Call z@example.com!","list":[{"name":"Stalls"}]}
            """;

        var byAddress = ErasedPeople.Remove(Json, "z@example.com", isAboutThem: false);
        var former = ErasedPeople.Remove("""{"name":"Zenobia","email":"former@example.com"}""", "z@example.com", isAboutThem: true);
        var others = ErasedPeople.Remove("""{"name":"Bia","email":"bia@example.com"}""", "z@example.com", isAboutThem: false);

        Assert.Multiple(() =>
        {
            Assert.That(byAddress, Is.EqualTo("""{"userId":"1","by":{"id":"2","name":"Ana"},"user":{"name":"erased","email":"erased","roles":["clerk"]},"note":"Call erased!","list":[{"name":"Stalls"}]}"""));
            Assert.That(former, Is.EqualTo("""{"name":"erased","email":"erased"}"""));
            Assert.That(others, Is.EqualTo("""{"name":"Bia","email":"bia@example.com"}"""));
            Assert.That(ErasedPeople.Remove(null, "z@example.com", isAboutThem: true), Is.Null);
        });
    }
}
