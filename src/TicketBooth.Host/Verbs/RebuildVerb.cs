using System.Globalization;
using MediatR;
using TicketBooth.Dashboard.Contracts;

namespace TicketBooth.Host.Verbs;

/// <summary><c>rebuild</c>: rebuilds the back office's read model from the modules' data.</summary>
internal static class RebuildVerb
{
    public static async Task RunAsync(string[] args, TextWriter output)
    {
        await using var app = TicketBoothHost.Build([.. args, "--Logging:LogLevel:Default=Warning"]);
        await app.StartModulesAsync();
        await using var scope = app.Services.CreateAsyncScope();
        var rebuilt = (await scope.ServiceProvider.GetRequiredService<IMediator>().Send(new RebuildReadModel())).Value;
        await output.WriteLineAsync(
            string.Create(
                CultureInfo.InvariantCulture,
                $"Rebuilt {rebuilt.Orders} orders; removed {rebuilt.Removed} that Booking does not have"
            )
        );
    }
}
