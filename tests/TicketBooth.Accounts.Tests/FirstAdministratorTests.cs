using System.Net;
using System.Text.RegularExpressions;
using Microsoft.Extensions.DependencyInjection;
using TicketBooth.Accounts.Staff;
using TicketBooth.Accounts.Tests.Support;
using TicketBooth.Testing;

namespace TicketBooth.Accounts.Tests;

[NonParallelizable]
internal sealed partial class FirstAdministratorTests(Provider provider) : EmptyDatabaseFixture(provider)
{
    private TextWriter console = null!;
    private StringWriter printed = null!;

    [SetUp]
    public void Listen()
    {
        console = Console.Out;
        printed = new StringWriter();
        Console.SetOut(printed);
    }

    [TearDown]
    public async Task StopListeningAsync()
    {
        Console.SetOut(console);
        await printed.DisposeAsync();
    }

    [Test]
    public async Task Is_made_from_the_settings_and_only_once()
    {
        await using (var host = await StartHostAsync())
        {
            var me = await host.MeAsync(await host.AdminTokenAsync());
            Assert.That(me.Body!["roles"]!.AsArray().Select(role => (string?)role), Is.EqualTo(["admin"]));
        }

        await using var second = await StartHostAsync(settings: ("Accounts:Admin:Password", "another-password"));
        Assert.Multiple(async () =>
        {
            Assert.That((await second.SignInAsync(TestUsers.AdminEmail, TestUsers.AdminPassword)).Status, Is.EqualTo(HttpStatusCode.OK));
            Assert.That((await second.SignInAsync(TestUsers.AdminEmail, "another-password")).Status, Is.EqualTo(HttpStatusCode.Unauthorized));
            Assert.That(Database.Sql("SELECT COUNT(*) FROM AspNetUsers"), Is.EqualTo(1));
            Assert.That(printed.ToString(), Does.Not.Contain("password:"), "a password that was set is not printed");
        });
    }

    [Test]
    public async Task Gets_a_random_password_that_is_printed_once_when_none_is_set()
    {
        await using (var host = await StartAsync(TestUsers.AdminEmail))
        {
            Assert.That((await host.SignInAsync(TestUsers.AdminEmail, PrintedPassword())).Status, Is.EqualTo(HttpStatusCode.OK));
        }

        printed.GetStringBuilder().Clear();
        await using var second = await StartAsync(TestUsers.AdminEmail);

        Assert.That(printed.ToString(), Does.Not.Contain("password:"));
    }

    [Test]
    public async Task Is_admin_at_localhost_when_nothing_is_set_and_there_is_none()
    {
        await using (var host = await StartAsync(null))
        {
            Assert.That((await host.SignInAsync("admin@localhost", PrintedPassword())).Status, Is.EqualTo(HttpStatusCode.OK));
        }

        printed.GetStringBuilder().Clear();
        await using var second = await StartAsync(null);

        Assert.Multiple(() =>
        {
            Assert.That(printed.ToString(), Does.Not.Contain("password:"));
            Assert.That(Database.Sql("SELECT COUNT(*) FROM AspNetUsers"), Is.EqualTo(1));
        });
    }

    [Test]
    public async Task Is_not_whoever_signed_up_with_the_address_before()
    {
        await using (var host = await StartHostAsync())
        {
            await host.SignUpAsync("boss@example.com");
        }

        await using var second = await StartAsync("boss@example.com");
        var me = await second.MeAsync((await second.SignInAsync("boss@example.com")).Text("accessToken"));

        Assert.That(me.Body!["roles"]!.AsArray().Select(role => (string?)role), Is.EqualTo(["customer"]));
    }

    private Task<TestHost> StartAsync(string? email) => StartHostAsync(
        services: services => services.Configure<AdminOptions>(admin => (admin.Email, admin.Password) = (email, null)));

    private string PrintedPassword() => Password().Match(printed.ToString()) is { Success: true } match
        ? match.Groups["password"].Value
        : throw new AssertionException($"No password in: {printed}");

    [GeneratedRegex("password: +(?<password>[A-Za-z0-9]{24})", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 60_000)]
    private static partial Regex Password();
}
