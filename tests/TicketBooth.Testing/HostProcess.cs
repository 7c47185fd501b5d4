using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography.X509Certificates;
using NUnit.Framework;

namespace TicketBooth.Testing;

/// <summary>What a host serves https with.</summary>
/// <param name="Path">A PKCS #12 file with the key, without a password.</param>
/// <param name="Trust">Asked by each client anew: whom it trusts.</param>
public sealed record HostCertificate(string Path, Func<X509ChainPolicy> Trust);

/// <summary>The host as users run it: a process of its own, built along with the tests, on a storage folder of its own.</summary>
public sealed class HostProcess : IAsyncDisposable
{
    private const int LinesKept = 300;
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(4);

    private readonly ConcurrentQueue<string> lines = new();
    private readonly Dictionary<string, string> settings;
    private readonly HostCertificate? certificate;
    private Process? process;

    private HostProcess(Func<Uri, IEnumerable<(string Key, string Value)>> settings, HostCertificate? certificate = null)
    {
        this.certificate = certificate;
        Folder = Directory.CreateTempSubdirectory("ticketbooth-host-").FullName;
        Address = new Uri($"{(certificate is null ? "http" : "https")}://127.0.0.1:{FreePort()}");
        this.settings = new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["ASPNETCORE_ENVIRONMENT"] = "Development",
            ["Storage__Path"] = Folder,
            ["RateLimits__Enabled"] = "false",

            // Tests sign the same people up again and again, all from this machine.
            ["Accounts__FreeTakenSignUps"] = "0",

            // One buyer of a test buys much. A test of the limits sets them.
            ["Booking__MaxTicketsPerBuyer"] = "0",
            ["Booking__MaxHoldsPerBuyer"] = "0",
            ["Booking__LapsePauseSeconds"] = "0",
            ["Payments__MaxDeclinesPerBuyerPerHour"] = "0",
            ["ConnectionStrings__MongoDb"] = "",
            ["ConnectionStrings__Kafka"] = "",
            ["ConnectionStrings__MySql"] = "",
            ["ConnectionStrings__Redis"] = "",
            ["Accounts__PasswordIterations"] = "10000",
            ["Accounts__Admin__Email"] = TestUsers.AdminEmail,
            ["Accounts__Admin__Password"] = TestUsers.AdminPassword,
            ["Logging__LogLevel__Default"] = "Warning",
            ["Logging__LogLevel__Microsoft.Hosting.Lifetime"] = "Warning",
        };
        if (certificate is not null)
        {
            this.settings["Kestrel__Certificates__Default__Path"] = certificate.Path;
        }

        foreach (var (key, value) in settings(Address))
        {
            this.settings[key.Replace(":", "__", StringComparison.Ordinal)] = value;
        }
    }

    /// <summary>Whether what hosts say goes to the console at once, for programs that are no tests; a test's host ends up in the test's output.</summary>
    public static bool Echo { get; set; }

    /// <summary>What is run: the program that <c>TICKETBOOTH_HOST</c> names, else the one that was built beside this, in the same configuration.</summary>
    public static string Assembly { get; } = HostAssembly();

    public Uri Address { get; }

    public string Folder { get; }

    /// <summary>Of the process that runs now.</summary>
    public int Id => process!.Id;

    /// <summary>Null while it runs.</summary>
    public int? ExitCode => process is { HasExited: true } ended ? ended.ExitCode : null;

    /// <summary>The last that it said.</summary>
    public string Said => string.Join(Environment.NewLine, lines);

    /// <param name="settings">For example <c>("Booking:HoldMinutes", "1")</c>.</param>
    public static Task<HostProcess> StartAsync(params (string Key, string Value)[] settings) => StartAsync(new HostProcess(_ => settings));

    /// <summary>Does not start it yet.</summary>
    public static HostProcess Prepare(params (string Key, string Value)[] settings) => new(_ => settings);

    /// <summary>Serves https alone.</summary>
    /// <param name="certificate">What it serves it with.</param>
    /// <param name="settings">By the host's address, for those that name it.</param>
    public static Task<HostProcess> StartAsync(HostCertificate certificate, Func<Uri, IEnumerable<(string Key, string Value)>> settings) =>
        StartAsync(new HostProcess(settings, certificate));

    /// <summary>Runs the host's executable with these words to its end.</summary>
    public static async Task<(int ExitCode, string Output)> RunAsync(IEnumerable<(string Key, string Value)> settings, params string[] arguments)
    {
        var host = new HostProcess(_ => settings);
        try
        {
            return await host.RunAsync(arguments);
        }
        finally
        {
            await host.DisposeAsync();
        }
    }

    /// <summary>Starts the process (again) and returns when it answers.</summary>
    public async Task RestartAsync()
    {
        Launch();
        await WaitUntilReadyAsync();
    }

    /// <summary>Starts the process (again), and does not wait for it.</summary>
    public void Launch()
    {
        process?.Dispose();
        process = Start("--urls", Address.ToString());
        process.OutputDataReceived += (_, line) => Keep(line.Data);
        process.ErrorDataReceived += (_, line) => Keep(line.Data);
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
    }

    /// <summary>Returns when the process that was started answers; fails when it ends or does not for minutes.</summary>
    public Task WaitUntilReadyAsync() => WaitUntilReadyAsync(Patience);

    /// <summary>As <see cref="WaitUntilReadyAsync()"/>, and fails when it does not answer for so long.</summary>
    public async Task WaitUntilReadyAsync(TimeSpan longest)
    {
        using var client = NewClient();
        client.Timeout = longest / 4;
        var waited = Stopwatch.StartNew();
        while (true)
        {
            try
            {
                using var answer = await client.GetAsync("/health/ready");
                answer.EnsureSuccessStatusCode();
                return;
            }
            catch (Exception failure) when (failure is HttpRequestException or TaskCanceledException && waited.Elapsed < longest && process is { HasExited: false })
            {
                await Task.Delay(20);
            }
        }
    }

    public HttpClient NewClient()
    {
        var handler = new SocketsHttpHandler();
        handler.SslOptions.CertificateChainPolicy = certificate?.Trust();
        return new HttpClient(handler) { BaseAddress = Address };
    }

    /// <summary>Ends the process as a power cut would.</summary>
    public async Task KillAsync()
    {
        process!.Kill();
        await process.WaitForExitAsync();
    }

    /// <summary>Asks the process to stop, and waits until it has.</summary>
    public async Task StopAsync()
    {
        if (process is { HasExited: false })
        {
            await SignalAsync("TERM");
            await process.WaitForExitAsync();
        }
    }

    /// <param name="name">For example <c>STOP</c>, which freezes it, and <c>CONT</c>.</param>
    public async Task SignalAsync(string name)
    {
        using var kill = Process.Start("kill", ["-" + name, process!.Id.ToString(CultureInfo.InvariantCulture)]);
        await kill.WaitForExitAsync();
    }

    /// <summary>Runs the verb <c>audit</c> on the storage.</summary>
    public Task<(int ExitCode, string Output)> AuditAsync() => RunAsync("audit");

    /// <summary>Runs the executable with these words, with the host's settings and on its storage, to its end.</summary>
    public async Task<(int ExitCode, string Output)> RunAsync(params string[] arguments)
    {
        using var run = Start(arguments);
        var output = run.StandardOutput.ReadToEndAsync();
        var errors = run.StandardError.ReadToEndAsync();
        await run.WaitForExitAsync();
        return (run.ExitCode, await output + await errors);
    }

    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        process?.Dispose();
        if (!lines.IsEmpty)
        {
            await TestContext.Out.WriteLineAsync($"The last that {Address} said:{Environment.NewLine}{string.Join(Environment.NewLine, lines)}");
        }

        Directory.Delete(Folder, recursive: true);
    }

    private void Keep(string? line)
    {
        if (line is null)
        {
            return;
        }

        lines.Enqueue(line);
        if (lines.Count > LinesKept)
        {
            lines.TryDequeue(out _);
        }

        if (Echo)
        {
            Console.WriteLine(line);
        }
    }

    private static async Task<HostProcess> StartAsync(HostProcess host)
    {
        await host.RestartAsync();
        return host;
    }

    /// <summary>Starts the executable with these words, with the host's settings and on its storage. What it says has to be read.</summary>
    public Process Start(params string[] arguments)
    {
        var start = new ProcessStartInfo("dotnet", [Assembly, .. arguments])
        {
            WorkingDirectory = Path.GetDirectoryName(Assembly),
            UseShellExecute = false,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        foreach (var (key, value) in settings)
        {
            start.Environment[key] = value;
        }

        return Process.Start(start) ?? throw new InvalidOperationException("dotnet did not start.");
    }

    private static string HostAssembly()
    {
        if (Environment.GetEnvironmentVariable("TICKETBOOTH_HOST") is { Length: > 0 } published)
        {
            return published;
        }

        var output = new DirectoryInfo(AppContext.BaseDirectory.TrimEnd('/'));
        return Path.Combine(SourceTree.Root, "src", "TicketBooth.Host", "bin", output.Parent!.Name, output.Name, "TicketBooth.Host.dll");
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
