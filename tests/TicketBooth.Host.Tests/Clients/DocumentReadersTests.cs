using TicketBooth.Testing;

namespace TicketBooth.Host.Tests.Clients;

/// <summary>The OpenAPI document in the hands of those who read it: linters find nothing to say, and clients made of it work.</summary>
public sealed class DocumentReadersTests
{
    private TestHost host = null!;
    private string folder = null!;

    [OneTimeSetUp]
    public async Task Start()
    {
        host = await TestHost.StartAsync();
        folder = await NodeTools.NewFolderAsync();
        await File.WriteAllTextAsync(Path.Combine(folder, "openapi.json"), await host.Client.GetStringAsync("/openapi/v1.json"));
    }

    [OneTimeTearDown]
    public async Task Stop()
    {
        await host.DisposeAsync();
        Directory.Delete(folder, recursive: true);
    }

    [Test]
    public async Task Spectral_finds_nothing() =>
        Assert.That(
            await NodeTools.RunAsync(folder, "spectral", "lint", "openapi.json", "--ruleset", "spectral.yaml", "--fail-severity", "hint"),
            Does.Contain("No results with a severity of 'hint' or higher found!")
        );

    [Test]
    public async Task Redocly_finds_nothing() =>
        Assert.That(
            await NodeTools.RunAsync(folder, "redocly", "lint", "openapi.json", "--config", "redocly.yaml"),
            Does.Contain("Your API description is valid").And.Not.Contain("warning")
        );

    [Test]
    public async Task A_TypeScript_client_compiles_in_strict_mode_and_makes_the_tour()
    {
        await NodeTools.RunAsync(folder, "openapi-typescript", "openapi.json", "--default-non-nullable", "false", "--output", "schema.ts");
        await NodeTools.RunAsync(folder, "tsc", "--project", ".");
        var told = await NodeTools.RunAsync(
            folder,
            "node",
            installing: false,
            "tour.js",
            host.Address.ToString().TrimEnd('/'),
            TestUsers.AdminEmail,
            TestUsers.AdminPassword
        );
        Assert.That(told, Does.Contain("The tour is over."));
    }

    [Test]
    public async Task A_CSharp_client_compiles_and_makes_the_tour()
    {
        var code = await CSharpClient.GenerateAsync(await File.ReadAllTextAsync(Path.Combine(folder, "openapi.json")));
        var tour = CSharpClient.Compile(code, await File.ReadAllTextAsync(Path.Combine(folder, "Tour.cs")));
        Assert.That(await tour(host.Address, TestUsers.AdminEmail, TestUsers.AdminPassword), Is.EqualTo("The tour is over."));
    }
}
