using System.Net;
using System.Net.Sockets;
using Microsoft.AspNetCore.Builder;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Options;
using TicketBooth.Host.Verbs;

namespace TicketBooth.Host.Tests;

/// <summary>What the executable does with the words it is given, and that a start that fails leaves nothing behind.</summary>
[Parallelizable(ParallelScope.All)]
[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
public sealed class CommandLineTests : IDisposable
{
    private readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("ticketbooth-words-");

    public void Dispose() => folder.Delete(recursive: true);

    [TestCase("--help")]
    [TestCase("-h")]
    [TestCase("--demo --help")]
    [TestCase("audit --help")]
    [TestCase("rebuild -?")]
    public async Task Help_is_printed_and_nothing_is_started(string words)
    {
        var (exitCode, output, _) = await RunAsync(words.Split(' '));

        Assert.Multiple(() =>
        {
            Assert.That(exitCode, Is.Zero);
            Assert.That(output, Does.Contain("Usage:"));
        });
    }

    [Test]
    public async Task The_version_is_printed_and_nothing_is_started()
    {
        await using var output = new StringWriter();
        var exitCode = await CommandLine.RunAsync(["--version"], output, TextWriter.Null);

        Assert.Multiple(() =>
        {
            Assert.That(exitCode, Is.Zero);
            Assert.That(output.ToString(), Does.Match(@"^\d+\.\d+"));
        });
    }

    [TestCase("sell", "There is no command 'sell'.")]
    [TestCase("audit now", "There is no command 'now'.")]
    [TestCase("--dmo", "There is no option '--dmo'.")]
    [TestCase("--dmo audit", "There is no option '--dmo'.")]
    [TestCase("--colour red --demo", "There is no option '--colour'.")]
    [TestCase("--demo=yes", "There is no command 'yes'.")]
    [TestCase("-x", "There is no command '-x'.")]
    [TestCase("audit --demo", "There is no option '--demo'.")]
    [TestCase("--Booking:HoldMinutes --demo", "--Booking:HoldMinutes needs a value")]
    [TestCase("--urls", "--urls")]
    [TestCase("Booking:HoldMinutes=5", "There is no command 'Booking:HoldMinutes=5'.")]
    public async Task A_word_that_means_nothing_is_refused_with_the_usage(string words, string problem)
    {
        var (exitCode, _, errors) = await RunAsync(words.Split(' '));

        Assert.Multiple(() =>
        {
            Assert.That(exitCode, Is.EqualTo(2));
            Assert.That(errors, Does.Contain(problem).And.Contain("Usage:").And.Contain("audit"));
        });
    }

    [Test]
    public void Settings_are_taken_with_an_equals_sign_or_as_the_next_word() => Assert.That(
        SettingArguments.Of(["--Booking:HoldMinutes=5", "--Storage:Path", "a=b", "--modules=Events", "--Accounts:Admin:Password", "-secret"]),
        Is.EqualTo(["--Booking:HoldMinutes=5", "--Storage:Path=a=b", "--modules=Events", "--Accounts:Admin:Password=-secret"]));

    [TestCase("Booking:HoldMinuts", "Booking has ConsoleRefundsReleaseTickets, CounterVoidMinutes, HoldMinutes, ")]
    [TestCase("Booking:HoldMinutes:Friday", "Booking:HoldMinutes is one value")]
    [TestCase("Accounts:AdminEmail", "Accounts has AccessTokenMinutes, Admin, ")]
    [TestCase("Accounts:Admin:Mail", "Accounts:Admin has Email, Password.")]
    [TestCase("Payments:Sandbox:WebhokUrl", "Payments:Sandbox has ")]
    [TestCase("ConnectionStrings:Mongo", "ConnectionStrings has Kafka, MongoDb, MySql, Redis.")]
    [TestCase("Events:Cache", "Events has ReadCacheMegabytes")]
    [TestCase("Dashboard:Zone", "Dashboard has ")]
    [TestCase("Kafka:Partition", "Kafka has Client, ")]
    [TestCase("Storage:Folder", "Storage has CacheMegabytes, Installation, Path, ReadOnly")]
    [TestCase("RateLimits:Enable", "RateLimits has Enabled")]
    [TestCase("Metrics:On", "Metrics has Enabled")]
    public void A_mistyped_setting_is_refused_by_name_wherever_it_comes_from(string setting, string hint)
    {
        var failure = Assert.ThrowsAsync<OptionsValidationException>(() =>
            StartAsync([], builder => builder.Configuration.AddInMemoryCollection([KeyValuePair.Create(setting, (string?)"7")])));

        Assert.That(failure!.Failures, Has.One.StartsWith($"{setting}: there is no such setting.").And.One.Contains(hint));
    }

    [TestCase("Boking:MaxTicketsPerBuyer", "Booking:MaxTicketsPerBuyer")]
    [TestCase("BOOKNIG:HOLDMINUTES", "Booking:HoldMinutes")]
    [TestCase("Acounts:Admin:Email", "Accounts:Admin")]
    [TestCase("ConnectionString:MySql", "ConnectionStrings:MySql")]
    [TestCase("RateLimit:Enable", "RateLimits:Enabled")]
    public void A_mistyped_section_of_the_environment_is_refused_and_what_was_meant_is_said(string setting, string meant)
    {
        var failure = Assert.ThrowsAsync<OptionsValidationException>(() =>
            StartAsync([], builder => builder.Configuration.AddInMemoryCollection([KeyValuePair.Create(setting, (string?)"7")])));

        Assert.That(failure!.Failures, Has.One.EndsWith($"Did you mean {meant}?"));
    }

    [Test]
    public void Variables_of_other_programs_are_no_mistakes()
    {
        string[] variables = ["Boking", "Event:Source", "Book:HoldMinutes", "Account:Number", "Storages:Provider", "npm_config_cache", "Log:Level", "Webs:Url"];

        Assert.That(
            () => StartAsync([], builder => builder.Configuration.AddInMemoryCollection(variables.Select(variable => KeyValuePair.Create(variable, (string?)"7")))),
            Throws.Nothing);
    }

    [TestCase("Bookin:HoldMinutes")]
    [TestCase("Module:Events")]
    public async Task A_mistyped_section_on_the_command_line_is_refused_by_name(string setting)
    {
        var (exitCode, _, errors) = await RunAsync($"--{setting}=1");

        Assert.Multiple(() =>
        {
            Assert.That(exitCode, Is.EqualTo(2));
            Assert.That(errors, Does.Contain(setting.Split(':')[0] + ": there is no such setting or section."));
        });
    }

    [Test]
    public void Settings_of_a_module_that_is_not_loaded_and_of_the_framework_are_no_mistakes()
    {
        string[] settings = ["--Modules=Accounts", "--Booking:HoldMinutes=5", "--Logging:LogLevel:Default=Warning", "--Kafka:Client:security.protocol=plaintext"];

        Assert.That(() => StartAsync(settings), Throws.Nothing);
    }

    [Test]
    public async Task Every_wrong_setting_is_named_at_once_and_nothing_is_stored_or_printed()
    {
        var (exitCode, output, errors) = await RunAsync("--Booking:HoldMinutes=-1", "--Dashboard:SessionHours=99", "--Storage:Pat=x");

        Assert.Multiple(() =>
        {
            Assert.That(exitCode, Is.EqualTo(2));
            Assert.That(errors, Does.Contain("Booking:HoldMinutes: ").And.Contain("Dashboard:SessionHours: ").And.Contain("Storage:Pat: "));
            Assert.That(output, Is.Empty);
            Assert.That(folder.GetFileSystemInfos(), Is.Empty);
        });
    }

    [TestCase("http://127.0.0.1:{0}", "in use")]
    [TestCase("127.0.0.1", "Invalid url")]
    [TestCase("https://127.0.0.1:0 --Kestrel:Certificates:Default:Path=none.pfx", "none.pfx")]
    public async Task An_address_that_cannot_be_served_is_told_without_a_stack_trace_before_anything_is_stored(string urls, string problem)
    {
        using var taken = new TcpListener(IPAddress.Loopback, 0);
        taken.Start();
        urls = urls.Replace("{0}", $"{((IPEndPoint)taken.LocalEndpoint).Port}", StringComparison.Ordinal);

        var (exitCode, output, errors) = await RunAsync(["--urls", .. urls.Split(' ')]);

        Assert.Multiple(() =>
        {
            Assert.That(exitCode, Is.EqualTo(2));
            Assert.That(errors, Does.StartWith("urls: ").And.Contain(problem).And.Not.Contain("   at "));
            Assert.That(output, Is.Empty);
            Assert.That(folder.GetFileSystemInfos(), Is.Empty);
        });
    }

    [Test]
    public void There_is_no_administrator_before_the_host_serves()
    {
        using var taken = new TcpListener(IPAddress.Loopback, 0);
        taken.Start();

        // The port is taken after the check, as far as this start knows.
        var failure = Assert.ThrowsAsync<OptionsValidationException>(() => StartAsync([$"--urls=http://{taken.LocalEndpoint}"]));

        Assert.That(failure!.Message, Does.StartWith("urls: "));
        using var accounts = new SqliteConnection($"Data Source={Path.Combine(folder.FullName, "accounts.db")};Pooling=False");
        accounts.Open();
        using var count = accounts.CreateCommand();
        count.CommandText = "SELECT COUNT(*) FROM AspNetUsers";
        Assert.That(count.ExecuteScalar(), Is.Zero);
    }

    [Test]
    public async Task The_settings_files_of_the_program_are_found_from_any_directory()
    {
        await using var app = TicketBoothHost.Build([$"--contentRoot={folder.FullName}", "--environment=Development"]);

        Assert.That(app.Configuration["Payments:WebhookSecret"], Does.StartWith("whsec_"));
        Assert.That(app.Configuration["Logging:LogLevel:Microsoft"], Is.EqualTo("Warning"));
    }

    [Test]
    public async Task A_settings_file_of_the_directory_overrides_that_of_the_program()
    {
        await File.WriteAllTextAsync(Path.Combine(folder.FullName, "appsettings.json"), """{ "Payments": { "WebhookSecret": "whsec_b3du" } }""");

        await using var app = TicketBoothHost.Build([$"--contentRoot={folder.FullName}", "--environment=Development"]);

        Assert.That(app.Configuration["Payments:WebhookSecret"], Is.EqualTo("whsec_b3du"));
    }

    /// <summary>Starts in this process, and stops again.</summary>
    private async Task StartAsync(string[] settings, Action<WebApplicationBuilder>? configure = null)
    {
        await using var app = TicketBoothHost.Build(
            [.. HostCommand.NoServers, $"--Storage:Path={folder.FullName}", "--environment=Development", "--urls=http://127.0.0.1:0", "--Accounts:PasswordIterations=10000", .. settings], configure);
        await app.StartTicketBoothAsync();
        await app.StopAsync();
    }

    private Task<(int ExitCode, string Output, string Errors)> RunAsync(params string[] words) => HostCommand.RunAsync(folder.FullName, words);
}
