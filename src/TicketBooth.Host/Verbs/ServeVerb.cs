using TicketBooth.Host.Demo;
using TicketBooth.Host.Starting;

namespace TicketBooth.Host.Verbs;

/// <summary>Without a command: runs the server until it is stopped.</summary>
internal static class ServeVerb
{
    public static async Task RunAsync(string[] args, bool isDemo, TextWriter output)
    {
        await using var app = TicketBoothHost.Build(args, isDemo ? DemoMode.Configure : null);
        app.CheckSettings();
        await AddressCheck.RunAsync(app.Configuration);
        await app.StartTicketBoothAsync();
        if (isDemo)
        {
            await DemoMode.StartAsync(app, output);
        }

        await app.WaitForShutdownAsync();
    }
}
