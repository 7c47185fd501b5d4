using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Microsoft.Playwright;
using TicketBooth.Testing;

namespace TicketBooth.Browser.Tests;

/// <summary>The page for phones at the door, with the network and without.</summary>
internal sealed class DoorTests
{
    private const string Password = "a-long-enough-password";

    private TestHost host = null!;
    private TicketBoothApi admin = null!;
    private string email = "";

    [OneTimeSetUp]
    public async Task Open()
    {
        host = await TestHost.StartAsync();
        admin = await TicketBoothApi.AdminAsync(host);
        email = "dora@example.com";
        using var made = await host.Client.PostAsJsonAsync("/api/v1/accounts", new { name = "Dora", email, password = Password });
        var id = (string)(await made.Content.ReadFromJsonAsync<JsonObject>())!["id"]!;
        await admin.SendAsync(HttpMethod.Put, $"/api/v1/accounts/{id}/roles", new JsonObject { ["roles"] = new JsonArray("door") });
    }

    [OneTimeTearDown]
    public async Task Close()
    {
        admin.Client.Dispose();
        await host.DisposeAsync();
    }

    [Test]
    public async Task A_code_is_typed_and_let_in_once_and_taken_back()
    {
        var (name, codes) = await SoldAsync(1);
        await using var phone = await OpenAsync(name);

        await ScanAsync(phone, codes[0], "Welcome");
        await Assertions.Expect(phone.Page.Locator("#count-inside")).ToHaveTextAsync("1");
        await phone.ShootAsync("door-admitted");
        Assert.That(await phone.FindBarriersAsync(), Is.Empty);
        Assert.That(await phone.ScrollsSidewaysAsync(), Is.False, "something sticks out");
        await ScanAsync(phone, codes[0], "Already admitted");
        await phone.ShootAsync("door-already");
        await ScanAsync(phone, "NOT-A-CODE", "Unknown code");
        await phone.Page.GetByLabel("Find a ticket by name, order or number").FillAsync("1");
        await phone.Page.GetByRole(AriaRole.Button, new() { Name = "Search" }).ClickAsync();
        await phone.Page.GetByRole(AriaRole.Button, new() { Name = "Let in" }).ClickAsync();
        await Assertions.Expect(phone.Page.Locator("#answer-word")).ToHaveTextAsync("Already admitted");
        Assert.That(phone.Complaints, Is.Empty);
    }

    [Test]
    public async Task A_check_in_is_taken_back()
    {
        var (name, codes) = await SoldAsync(1);
        await using var phone = await OpenAsync(name);

        await ScanAsync(phone, codes[0], "Welcome");
        await phone.Page.GetByRole(AriaRole.Button, new() { Name = "Take back" }).ClickAsync();
        await Assertions.Expect(phone.Page.Locator("#answer-word")).ToHaveTextAsync("Taken back");
        await ScanAsync(phone, codes[0], "Welcome");
        Assert.That(phone.Complaints, Is.Empty);
    }

    [Test]
    public async Task Without_a_network_the_phone_decides_and_tells_the_server_later()
    {
        var (name, codes) = await SoldAsync(2);
        await using var phone = await OpenAsync(name);
        await phone.Page.EvaluateAsync("navigator.serviceWorker.ready");
        await phone.Page.WaitForFunctionAsync("navigator.serviceWorker.controller !== null");

        await phone.Page.Context.SetOfflineAsync(true);
        await phone.Page.ReloadAsync();
        await Assertions.Expect(phone.Page.Locator("#show-name")).ToHaveTextAsync(name);
        await ScanAsync(phone, codes[0], "Welcome");
        await Assertions.Expect(phone.Page.Locator("#answer-more")).ToHaveTextAsync("Checked by this phone alone");
        await Assertions.Expect(phone.Page.Locator("#network")).ToHaveTextAsync("Offline, 1 waiting");
        await ScanAsync(phone, codes[0], "Already admitted");
        await ScanAsync(phone, codes[1][..50] + (codes[1][50] == '0' ? '1' : '0') + codes[1][51..], "Forged");
        await phone.ShootAsync("door-offline");

        await phone.Page.Context.SetOfflineAsync(false);
        await Assertions.Expect(phone.Page.Locator("#network")).ToHaveTextAsync("Online");
        await ScanAsync(phone, codes[0], "Already admitted");
        await ScanAsync(phone, codes[1], "Welcome");
        await Assertions.Expect(phone.Page.Locator("#count-inside")).ToHaveTextAsync("2");
    }

    [Test]
    public async Task Two_phones_without_a_network_that_let_one_code_in_are_told()
    {
        var (name, codes) = await SoldAsync(1);
        await using var one = await OpenAsync(name);
        await using var other = await OpenAsync(name);
        foreach (var phone in new[] { one, other })
        {
            await phone.Page.Context.SetOfflineAsync(true);
            await ScanAsync(phone, codes[0], "Welcome");
        }

        foreach (var phone in new[] { one, other })
        {
            await phone.Page.Context.SetOfflineAsync(false);
            await Assertions.Expect(phone.Page.Locator("#network")).ToHaveTextAsync("Online");
        }

        await Assertions.Expect(one.Page.Locator("#conflicts li")).ToContainTextAsync("No. 1: Already admitted");
        await Assertions.Expect(other.Page.Locator("#conflicts li")).ToContainTextAsync("Dora");
        await other.ShootAsync("door-conflict");
    }

    [Test]
    public async Task An_answer_that_is_no_answer_counts_as_no_network()
    {
        var (name, codes) = await SoldAsync(2);
        await using var phone = await OpenAsync(name);

        await phone.Page.EvaluateAsync(
            """
            () => {
                const whole = Response.prototype.text;
                const late = () => Promise.reject(new DOMException('The rest did not come.', 'TimeoutError'));
                Response.prototype.text = function () {
                    return this.url.endsWith('/checkins') ? late() : whole.call(this);
                };
            }
            """
        );
        await ScanAsync(phone, codes[0], "Welcome");
        await Assertions.Expect(phone.Page.Locator("#answer-more")).ToHaveTextAsync("Checked by this phone alone");
        await phone.Page.ReloadAsync();
        await Assertions.Expect(phone.Page.Locator("#answer-word")).ToHaveTextAsync("Ready");

        await phone.Page.RouteAsync(
            "**/api/v1/checkins",
            route => route.FulfillAsync(new() { ContentType = "text/html", Body = "<p>Sign in to the Wi-Fi</p>" })
        );
        await ScanAsync(phone, codes[1], "Welcome");
        await Assertions.Expect(phone.Page.Locator("#answer-more")).ToHaveTextAsync("Checked by this phone alone");
    }

    [Test]
    public async Task What_the_server_said_stands_when_the_network_goes_right_after()
    {
        var (name, codes) = await SoldAsync(1);
        await using var one = await OpenAsync(name);
        await using var other = await OpenAsync(name);
        await other.Page.RouteAsync("**/api/v1/events/*/door", route => route.AbortAsync());

        await ScanAsync(one, codes[0], "Welcome");
        await ScanAsync(other, codes[0], "Already admitted");
        await Assertions.Expect(other.Page.Locator("#network")).ToHaveTextAsync("Offline");
        await Assertions.Expect(other.Page.Locator("#answer-word")).ToHaveTextAsync("Already admitted");
        await Assertions.Expect(other.Page.Locator("#answer-more")).ToContainTextAsync("Dora");
    }

    [Test]
    public async Task Who_has_to_sign_in_again_goes_on_at_the_same_door()
    {
        var (name, codes) = await SoldAsync(1);
        await using var phone = await OpenAsync(name);
        var dora = await TicketBoothApi.SignInAsync(host, email, Password);
        using var ended = await dora.Client.DeleteAsync("/api/v1/accounts/sessions");
        await Assertions.Expect(phone.Page.GetByText("Your sign-in has ended. Sign in again.")).ToBeVisibleAsync();

        await phone.Page.GetByLabel("Password").FillAsync(Password);
        await phone.Page.GetByRole(AriaRole.Button, new() { Name = "Sign in" }).ClickAsync();

        await Assertions.Expect(phone.Page.Locator("#answer-word")).ToHaveTextAsync("Ready");
        await Assertions.Expect(phone.Page.Locator("#show-name")).ToBeVisibleAsync();
        await ScanAsync(phone, codes[0], "Welcome");
    }

    [Test]
    public async Task Without_a_network_a_check_in_is_taken_back_and_the_server_hears_of_it_later()
    {
        var (name, codes) = await SoldAsync(1);
        await using var phone = await OpenAsync(name);

        // The server lets the ticket in, and its answer is lost.
        await phone.Page.RouteAsync("**/api/v1/checkins", async route =>
        {
            await route.FetchAsync();
            await route.AbortAsync();
        });
        await ScanAsync(phone, codes[0], "Welcome");
        await phone.Page.RouteAsync("**/undo", route => route.AbortAsync());
        await phone.Page.GetByRole(AriaRole.Button, new() { Name = "Take back" }).ClickAsync();
        await Assertions.Expect(phone.Page.Locator("#answer-word")).ToHaveTextAsync("Taken back");
        await phone.Page.UnrouteAllAsync();

        await Assertions.Expect(phone.Page.Locator("#network")).ToHaveTextAsync("Online");
        await Assertions.Expect(phone.Page.Locator("#count-inside")).ToHaveTextAsync("0");
        await using var other = await OpenAsync(name);
        await ScanAsync(other, codes[0], "Welcome");
    }

    [Test]
    public async Task Who_signs_out_leaves_no_names_on_the_phone()
    {
        var (name, _) = await SoldAsync(1);
        await using var phone = await OpenAsync(name);
        await phone.Page.GetByLabel("Find a ticket by name, order or number").FillAsync("1");
        await phone.Page.GetByRole(AriaRole.Button, new() { Name = "Search" }).ClickAsync();
        await Assertions.Expect(phone.Page.Locator("#found li")).ToHaveCountAsync(1);

        await phone.Page.GetByRole(AriaRole.Button, new() { Name = "Other door" }).ClickAsync();
        await phone.Page.GetByRole(AriaRole.Button, new() { Name = "Sign out" }).ClickAsync();

        await Assertions.Expect(phone.Page.GetByLabel("Password")).ToBeVisibleAsync();
        await Assertions.Expect(phone.Page.Locator("#found li")).ToHaveCountAsync(0);
        Assert.That(
            await phone.Page.EvaluateAsync<int>(
                """
                () => new Promise(resolve => {
                    indexedDB.open('ticketbooth-door', 1).onsuccess = opened => {
                        const counted = opened.target.result.transaction('kept').objectStore('kept').count();
                        counted.onsuccess = () => resolve(counted.result);
                    };
                })
                """),
            Is.Zero);
    }

    [Test]
    public async Task A_door_that_the_phone_has_loaded_opens_without_a_network()
    {
        var (name, codes) = await SoldAsync(1);
        await using var phone = await OpenAsync(name);
        var otherDoor = phone.Page.GetByRole(AriaRole.Button, new() { Name = "Other door" });
        await otherDoor.ClickAsync();
        var show = phone.Page.GetByRole(AriaRole.Button, new() { Name = name });
        await Assertions.Expect(show).ToBeVisibleAsync();

        await phone.Page.Context.SetOfflineAsync(true);
        await show.ClickAsync();
        await Assertions.Expect(phone.Page.Locator("#answer-word")).ToHaveTextAsync("Ready");
        await otherDoor.ClickAsync();
        await ScanAsync(phone, codes[0], "Welcome");
    }

    [Test]
    public async Task Who_works_at_the_door_lands_there_after_signing_in_and_opens_no_page_of_the_back_office()
    {
        await using var phone = await BackOffice.OpenAsync(host, isPhone: true, language: "pt-BR");
        await phone.Page.GotoAsync("/backoffice/sign-in");
        await phone.Page.Locator("input[type=email]").FillAsync(email);
        await phone.Page.Locator("input[type=password]").FillAsync(Password);
        await phone.Page.Locator("main button").ClickAsync();

        await Assertions.Expect(phone.Page.GetByText("Qual porta?")).ToBeVisibleAsync();
        Assert.That(new Uri(phone.Page.Url).AbsolutePath, Is.EqualTo("/door"));
        await phone.ShootAsync("door-events");
        Assert.That(await phone.FindBarriersAsync(), Is.Empty);
        Assert.That((await phone.Page.GotoAsync("/backoffice"))!.Status, Is.EqualTo(403));
    }

    private static async Task ScanAsync(BackOffice phone, string code, string outcome)
    {
        await phone.Page.Locator("#code").FillAsync(code);
        await phone.Page.Locator("#code").PressAsync("Enter");
        await Assertions.Expect(phone.Page.Locator("#answer-word")).ToHaveTextAsync(outcome);
    }

    /// <summary>A phone at the door of an event.</summary>
    private async Task<BackOffice> OpenAsync(string name)
    {
        var phone = await BackOffice.OpenAsync(host, isPhone: true);
        await phone.Page.SetViewportSizeAsync(360, 740);
        await phone.Page.GotoAsync("/door");
        await phone.Page.GetByLabel("E-mail").FillAsync(email);
        await phone.Page.GetByLabel("Password").FillAsync(Password);
        await phone.Page.GetByRole(AriaRole.Button, new() { Name = "Sign in" }).ClickAsync();
        await phone.Page.GetByRole(AriaRole.Button, new() { Name = name }).ClickAsync();
        await Assertions.Expect(phone.Page.Locator("#show-name")).ToHaveTextAsync(name);
        await phone.Page.WaitForFunctionAsync("Number(document.getElementById('count-to-come').textContent) > 0");

        // Nobody was signed in at the back office, which its console calls an error.
        phone.Complaints.Clear();
        return phone;
    }

    /// <summary>A show whose door is open, and the codes of its tickets, which are all sold.</summary>
    private async Task<(string Name, IReadOnlyList<string> Codes)> SoldAsync(int tickets)
    {
        var name = "Show " + Guid.NewGuid().ToString("N")[..8];
        var body = TicketBoothApi.EventBody(tickets, name: name);
        (body["startsAt"], body["endsSellingAt"]) = (TimeProvider.System.GetUtcNow().AddHours(1), TimeProvider.System.GetUtcNow().AddHours(1));
        var show = (string)(await admin.PublishEventAsync(body))["id"]!;
        var buyer = await TicketBoothApi.NewBuyerAsync(host);
        var order = (string)(await buyer.OrderAsync(show, tickets))["id"]!;
        await buyer.PayAsync(order);
        await buyer.WaitForOrderAsync(order, "paid");
        var sold = await buyer.GetAsync($"/api/v1/orders/{order}/tickets");
        buyer.Client.Dispose();
        return (name, [.. sold["items"]!.AsArray().Select(ticket => (string)ticket!["code"]!)]);
    }
}
