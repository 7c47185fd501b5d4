using Microsoft.Extensions.Options;
using TicketBooth.Testing;

namespace TicketBooth.Notifications.Tests;

/// <summary>A setting that makes no sense stops the start, by its name.</summary>
internal sealed class SettingsTests
{
    [TestCase("Notifications:PerMinute", "0")]
    [TestCase("Notifications:KeepDays", "0")]
    [TestCase("Notifications:ReminderMinutes", "61")]
    [TestCase("Notifications:TimeZone", "Mars/Olympus")]
    [TestCase("Notifications:Language", "fr")]
    [TestCase("Notifications:Smtp:Port", "0")]
    [TestCase("Notifications:Smtp:Password", "alone")]
    [TestCase("Notifications:Links:ResetPassword", "https://cassino.example/reset")]
    [TestCase("Notifications:Links:Order", "orders/{orderId}")]
    [TestCase("House:Email", "nobody")]
    [TestCase("House:Url", "casino")]
    [TestCase("House:Logo", "/nowhere/logo.png")]
    public void A_bad_value_stops_the_start(string setting, string value)
    {
        var failure = Assert.ThrowsAsync<OptionsValidationException>(
            async () => await TestHost.StartAsync(settings: [("Modules", "Notifications"), (setting, value)], services: services => services.AddTestAuthentication()));

        Assert.That(failure!.Message, Does.Contain(setting));
    }
}
