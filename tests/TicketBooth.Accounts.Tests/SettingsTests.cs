using Microsoft.Extensions.Options;

namespace TicketBooth.Accounts.Tests;

internal sealed class SettingsTests
{
    [TestCase("Accounts:AccessTokenMinutes", "0")]
    [TestCase("Accounts:RefreshTokenDays", "0")]
    [TestCase("Accounts:PasswordIterations", "9999")]
    [TestCase("Accounts:Issuer", "")]
    [TestCase("Accounts:Audience", "")]
    [TestCase("Accounts:Admin:Email", "no address")]
    [TestCase("Accounts:Admin:Password", "1234567")]
    [TestCase("Accounts:Admin:Password", "password123")]
    [TestCase("Accounts:Admin:Password", "admin@casino.example")]
    [TestCase("Accounts:LongestSignInDays", "0")]
    [TestCase("RateLimits:SignInBurst", "0")]
    [TestCase("RateLimits:SignInsPerSecond", "0")]
    [TestCase("Web:KnownProxies", "10.0.0.0/8,nginx")]
    public void A_bad_value_stops_the_start_with_the_name_of_the_setting(string setting, string value)
    {
        var failure = Assert.ThrowsAsync<OptionsValidationException>(async () =>
        {
            await using var host = await AccountsApi.StartAsync(settings: (setting, value));
        });

        Assert.That(failure!.Failures, Has.One.StartsWith(setting + ": "));
    }
}
