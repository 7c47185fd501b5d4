using Microsoft.Playwright;
using TicketBooth.Testing;

namespace TicketBooth.Browser.Tests;

/// <summary>Mails as their readers see them, and the page where staff see what was sent.</summary>
internal sealed class MailTests
{
    private TestHost host = null!;
    private Onlookers onlookers = null!;
    private string email = "";

    private static IEnumerable<string> Kinds =>
    [
        "confirm-address", "guest-access", "order-placed", "payment-declined", "hold-ending", "order-paid", "order-canceled", "order-refunded", "event-changed", "event-postponed", "event-canceled",
        "confirm-new-address", "address-changed", "reset-password", "password-changed", "new-device", "staff-invitation",
        "transfer-offered", "transfer-accepted", "transfer-declined", "transfer-withdrawn",
    ];

    [OneTimeSetUp]
    public async Task Open()
    {
        host = await TestHost.StartAsync(settings: [("House:Name", "Cassino Central"), ("House:Url", "https://cassino.example")]);
        onlookers = new Onlookers(host, "pt-BR");
        using var admin = (await TicketBoothApi.AdminAsync(host)).Client;
        using var buyer = (await TicketBoothApi.NewBuyerAsync(host)).Client;
        var (house, shop) = (new TicketBoothApi(admin), new TicketBoothApi(buyer));
        email = (string)(await shop.GetAsync("/api/v1/accounts/me"))["email"]!;
        var eventId = (string)(await house.PublishEventAsync(TicketBoothApi.EventBody(tickets: 10)))["id"]!;
        var order = (string)(await shop.OrderAsync(eventId))["id"]!;
        await shop.PayAsync(order);
        await shop.WaitForOrderAsync(order, "paid");
        await house.SendAsync(HttpMethod.Post, $"/api/v1/events/{eventId}/cancel");
    }

    [OneTimeTearDown]
    public async Task Close()
    {
        await onlookers.DisposeAsync();
        await host.DisposeAsync();
    }

    [Test]
    public async Task Every_mail_fits_a_phone_and_a_desk([ValueSource(nameof(Kinds))] string kind, [Values("en", "pt-BR")] string language, [Values] bool isPhone)
    {
        var office = await onlookers.AtAsync(isPhone, $"/backoffice/mails/preview?handler=Html&kind={kind}&language={language}");
        await office.ShootAsync($"mail-{kind}-{language}-{(isPhone ? "phone" : "desktop")}");

        await Assertions.Expect(office.Page.Locator("h1")).ToBeVisibleAsync();
        Assert.That(await office.ScrollsSidewaysAsync(), Is.False, "something sticks out");
    }

    [Test]
    public async Task Staff_see_what_was_sent_and_send_it_again()
    {
        await using var office = await BackOffice.SignedInAsync(host);
        await Eventually.Async(
            async () =>
            {
                await office.GoAsync($"/backoffice/mails?email={Uri.EscapeDataString(email)}&kind=event-canceled&state=sent");
                return await office.Page.Locator("tbody tr").CountAsync();
            },
            rows => rows == 1,
            "the mail about the canceled event to be sent");

        await office.Page.GetByRole(AriaRole.Button, new() { Name = "Send again" }).ClickAsync();

        await Assertions.Expect(office.Page.GetByText("The mail waits to be sent again.")).ToBeVisibleAsync();
        await office.GoAsync("/backoffice/acts");
        await Assertions.Expect(office.Page.GetByText("Mail sent again").First).ToBeVisibleAsync();
    }

    [Test]
    public async Task Staff_see_how_far_the_mails_of_a_canceled_event_are()
    {
        await using var office = await BackOffice.SignedInAsync(host);
        await Eventually.Async(
            async () =>
            {
                await office.GoAsync("/backoffice/mails");
                return await office.Page.GetByText("1 of 1").CountAsync();
            },
            done => done == 1,
            "the mail to the one buyer to be sent");

        await Assertions.Expect(office.Page.Locator("progress")).ToHaveAttributeAsync("max", "1");
    }

    [Test]
    public async Task The_preview_shows_the_mail_in_its_own_language()
    {
        await using var office = await BackOffice.SignedInAsync(host);
        await office.GoAsync("/backoffice/mails/preview?kind=order-placed&language=pt-BR");

        await Assertions.Expect(office.Page.FrameLocator("iframe.mail").GetByText("Olá, Ana Souza,")).ToBeVisibleAsync();
        Assert.That(office.Complaints, Is.Empty);
    }

    [Test]
    public async Task Without_the_module_there_is_no_page()
    {
        await using var alone = await TestHost.StartAsync(settings: [("Modules", "Accounts,Events,Booking,Payments,Dashboard")]);
        await using var office = await BackOffice.SignedInAsync(alone);

        var answer = await office.Page.GotoAsync("/backoffice/mails");

        Assert.That(answer!.Status, Is.EqualTo(404));
        await Assertions.Expect(office.Page.Locator("nav a[href='/backoffice/mails']")).ToHaveCountAsync(0);
    }
}
