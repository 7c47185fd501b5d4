using System.Diagnostics;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using TicketBooth.LoadTests.Figures;
using TicketBooth.Testing;

namespace TicketBooth.LoadTests.Hosts;

/// <summary>
/// The yardstick: a process that serves one bare Kestrel route, with the runtime's settings of the host. What one request costs there is what
/// this machine takes for HTTP alone, so a ratio to it can be compared between machines and commits.
/// </summary>
internal sealed class BareHost : IDisposable
{
    public const string Verb = "bare";

    private readonly Process process;

    private BareHost(Process process, Uri address)
    {
        (this.process, Address) = (process, address);
        Cpu = new ProcessCpu(process.Id);
    }

    public Uri Address { get; }

    public ProcessCpu Cpu { get; }

    public static async Task<BareHost> StartAsync()
    {
        var settings = Path.ChangeExtension(HostProcess.Assembly, "runtimeconfig.json");
        var start = new ProcessStartInfo("dotnet", ["exec", "--runtimeconfig", settings, typeof(BareHost).Assembly.Location, Verb])
        {
            RedirectStandardOutput = true,
            UseShellExecute = false,
        };
        var started = Process.Start(start) ?? throw new InvalidOperationException("dotnet did not start.");
        var address = await started.StandardOutput.ReadLineAsync() ?? throw new InvalidOperationException("The bare route did not start.");
        return new BareHost(started, new Uri(address));
    }

    /// <summary>What the process does: serves until it is killed, after it has said where.</summary>
    public static async Task<int> ServeAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        var app = builder.Build();
        app.MapGet("/", (HttpContext context) => context.Response.WriteAsync("ok"));
        await app.StartAsync();
        Console.WriteLine(app.Urls.Single());
        await app.WaitForShutdownAsync();
        return 0;
    }

    public void Dispose()
    {
        process.Kill();
        process.WaitForExit();
        process.Dispose();
    }
}
