using System.Text.RegularExpressions;
using Microsoft.Playwright;
using TicketBooth.Testing;

namespace TicketBooth.Browser.Tests;

/// <summary>What is typed is never lost: not when the page is left, and not at the end of the session.</summary>
internal sealed partial class UnsavedTests
{
    private TestHost host = null!;
    private TicketBoothApi admin = null!;
    private string id = "";
    private string address = "";

    [OneTimeSetUp]
    public async Task Open()
    {
        host = await TestHost.StartAsync();
        admin = await TicketBoothApi.AdminAsync(host);
    }

    [OneTimeTearDown]
    public async Task Close()
    {
        admin.Client.Dispose();
        await host.DisposeAsync();
    }

    [SetUp]
    public async Task Draft()
    {
        var made = await admin.SendAsync(HttpMethod.Post, "/api/v1/events", TicketBoothApi.EventBody(tickets: 20));
        id = (string)made["id"]!;
        address = $"/backoffice/events/{id}/edit";
    }

    [Test]
    public async Task Leaving_asks_first_and_what_was_typed_is_there_on_return_until_it_is_discarded()
    {
        await using var office = await BackOffice.SignedInAsync(host);
        var page = office.Page;
        var venue = page.GetByLabel("Venue", new() { Exact = true });
        await office.GoAsync(address);
        var stored = await venue.InputValueAsync();
        await venue.ClickAsync();
        await page.Keyboard.TypeAsync("Annex of the ");
        var asked = new TaskCompletionSource<string>();
        page.Dialog += async (_, dialog) =>
        {
            asked.TrySetResult(dialog.Type);
            await dialog.AcceptAsync();
        };

        await page.GetByRole(AriaRole.Link, new() { Name = "Orders" }).First.ClickAsync();
        await page.WaitForURLAsync("**/backoffice/orders*");
        await office.GoAsync(address);

        await Assertions.Expect(page.GetByText("This is what you had typed. It is not saved yet.")).ToBeVisibleAsync();
        await Assertions.Expect(venue).ToHaveValueAsync(AnnexOfThe());
        Assert.That(await asked.Task, Is.EqualTo(DialogType.BeforeUnload));

        await page.GetByRole(AriaRole.Link, new() { Name = "Discard it" }).ClickAsync();
        await Assertions.Expect(page.GetByText("This is what you had typed.")).ToHaveCountAsync(0);
        await Assertions.Expect(venue).ToHaveValueAsync(stored);
        Assert.That(office.Complaints, Is.Empty);
    }

    [Test]
    public async Task What_was_typed_outlives_the_session_and_is_gone_once_it_is_saved()
    {
        await using var office = await BackOffice.OpenAsync(host);
        var page = office.Page;
        await office.SignInAsync(TestUsers.AdminEmail, TestUsers.AdminPassword);
        await office.GoAsync(address);
        await page.GetByLabel("Base price of tier 1").FillAsync("500.00");
        await page.GetByRole(AriaRole.Button, new() { Name = "Add tier" }).ClickAsync();
        await page.GetByLabel("Name of tier 2").FillAsync("Box");
        await page.Context.ClearCookiesAsync();

        await page.GetByRole(AriaRole.Button, new() { Name = "Save", Exact = true }).ClickAsync();
        await Assertions.Expect(page.GetByText("Your session has ended")).ToBeVisibleAsync();
        await page.Locator("input[type=email]").FillAsync(TestUsers.AdminEmail);
        await page.Locator("input[type=password]").FillAsync(TestUsers.AdminPassword);
        await page.Locator("main button").ClickAsync();

        await Assertions.Expect(page.GetByText("This is what you had typed. It is not saved yet.")).ToBeVisibleAsync();
        await Assertions.Expect(page.GetByLabel("Base price of tier 1")).ToHaveValueAsync("500.00");
        await Assertions.Expect(page.GetByLabel("Name of tier 2")).ToHaveValueAsync("Box");
        await page.GetByLabel("Name of tier 2").FillAsync("");
        await page.GetByRole(AriaRole.Button, new() { Name = "Save", Exact = true }).ClickAsync();
        await Assertions.Expect(page.GetByRole(AriaRole.Status).First).ToContainTextAsync("is saved.");
        await office.GoAsync(address);
        await Assertions.Expect(page.GetByLabel("Base price of tier 1")).ToHaveValueAsync("500.00");
        await Assertions.Expect(page.GetByText("This is what you had typed.")).ToHaveCountAsync(0);
    }

    [Test]
    public async Task What_is_sent_before_the_script_is_there_counts_as_sent()
    {
        await using var office = await BackOffice.SignedInAsync(host);
        var page = office.Page;
        await admin.SendAsync(HttpMethod.Post, $"/api/v1/events/{id}/publish");
        await office.GoAsync($"/backoffice/events/{id}/prices");
        await page.GetByLabel("Percent, for example 10 or -5").FillAsync("10");

        // The page with the preview has no script yet when its form is sent, and the answer takes longer than the script.
        await page.RouteAsync("**/unsaved.js", route => route.FulfillAsync(new() { ContentType = "text/javascript", Body = "" }));
        await page.GetByRole(AriaRole.Button, new() { Name = "Show the new prices" }).ClickAsync();
        var confirm = page.GetByRole(AriaRole.Button, new() { Name = "Adjust to these prices" });
        await Assertions.Expect(confirm).ToBeVisibleAsync();
        await page.EvaluateAsync("addEventListener('submit', event => event.preventDefault())");
        await confirm.ClickAsync();
        await page.UnrouteAllAsync();
        await page.AddScriptTagAsync(new() { Url = await page.Locator("script[src$='/unsaved.js']").GetAttributeAsync("src") });

        Assert.That(
            await page.EvaluateAsync<bool[]>("Object.values(sessionStorage).map(kept => JSON.parse(kept).isSent)"),
            Is.EqualTo(new[] { true }),
            "else the page that says that it is done would send what was typed once more");
    }

    [GeneratedRegex("Annex of the ", RegexOptions.None, matchTimeoutMilliseconds: 10_000)]
    private static partial Regex AnnexOfThe();
}
