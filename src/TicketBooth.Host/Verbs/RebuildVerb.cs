using System.Globalization;
using MediatR;
using TicketBooth.Dashboard.Contracts;

namespace TicketBooth.Host.Verbs;

/// <summary><c>rebuild</c>: makes the back office's read model anew from the modules' data.</summary>
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
                $"{rebuilt.Orders} orders taken in, {rebuilt.Removed} removed that the ledger does not know"
            )
        );
    }
}
