using System.Diagnostics;
using System.Net;
using System.Net.Sockets;

namespace TicketBooth.LoadTests;

/// <summary>The host as users run it: a process of its own, on a storage folder of its own.</summary>
internal sealed class HostProcess : IAsyncDisposable
{
    public const string AdminEmail = "admin@casino.example";
    public const string AdminPassword = "load-test-password";

    private readonly string folder;
    private Process? process;

    private HostProcess(string folder, Uri address) => (this.folder, Address) = (folder, address);

    public Uri Address { get; }

    public static async Task<HostProcess> StartAsync()
    {
        var host = new HostProcess(Directory.CreateTempSubdirectory("ticketbooth-load-").FullName, new Uri($"http://127.0.0.1:{FreePort()}"));
        host.process = host.Start("--urls", host.Address.ToString());
        using var client = new HttpClient { BaseAddress = host.Address };
        for (var attempt = 0; ; attempt++)
        {
            try
            {
                using var answer = await client.GetAsync("/health/ready");
                answer.EnsureSuccessStatusCode();
                return host;
            }
            catch (HttpRequestException) when (attempt < 300 && !host.process.HasExited)
            {
                await Task.Delay(100);
            }
        }
    }

    /// <summary>Runs the verb <c>audit</c> on the storage; true when it passes.</summary>
    public async Task<bool> AuditAsync()
    {
        using var audit = Start("audit");
        await audit.WaitForExitAsync();
        return audit.ExitCode == 0;
    }

    public async Task StopAsync()
    {
        if (process is { HasExited: false })
        {
            using var kill = Process.Start("kill", ["-TERM", process.Id.ToString(System.Globalization.CultureInfo.InvariantCulture)]);
            await kill.WaitForExitAsync();
            await process.WaitForExitAsync();
        }
    }

    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        process?.Dispose();
        Directory.Delete(folder, recursive: true);
    }

    private Process Start(params string[] arguments)
    {
        var start = new ProcessStartInfo("dotnet", [HostAssembly(), .. arguments])
        {
            Environment =
            {
                ["ASPNETCORE_ENVIRONMENT"] = "Development",
                ["Storage__Path"] = folder,
                ["RateLimits__Enabled"] = "false",
                ["Accounts__Admin__Email"] = AdminEmail,
                ["Accounts__Admin__Password"] = AdminPassword,
                ["Logging__LogLevel__Default"] = "Warning",
                ["Logging__LogLevel__Microsoft.Hosting.Lifetime"] = "Warning",
            },
            WorkingDirectory = Path.GetDirectoryName(HostAssembly()),
        };
        return Process.Start(start) ?? throw new InvalidOperationException("dotnet did not start.");
    }

    /// <summary>The host that was built along with this program, in the same configuration.</summary>
    private static string HostAssembly()
    {
        var output = new DirectoryInfo(AppContext.BaseDirectory.TrimEnd('/'));
        var configuration = output.Parent!.Name;
        var root = output.Parent.Parent!.Parent!.Parent!.Parent!.FullName;
        return Path.Combine(root, "src", "TicketBooth.Host", "bin", configuration, output.Name, "TicketBooth.Host.dll");
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
