using TicketBooth.BuildingBlocks.Kernel;
using TicketBooth.BuildingBlocks.Storage;

namespace TicketBooth.Host.Auditing;

/// <summary>Checks the promises I1-I7 on the stores of a host that was built and not started.</summary>
internal static class StoredAudit
{
    /// <summary>Opens the stores.</summary>
    /// <param name="app">Built to read only.</param>
    /// <param name="openAsync">Opens them.</param>
    /// <param name="cancellationToken">Ends it.</param>
    /// <returns>Null when they are open; otherwise what is wrong with the files that keep a module from starting.</returns>
    public static async Task<InvariantReport?> FindDamageAsync(
        WebApplication app,
        Func<WebApplication, Task> openAsync,
        CancellationToken cancellationToken
    )
    {
        try
        {
            await openAsync(app);
            return null;
        }
        catch (Exception failure) when (IsOutage(app, failure))
        {
            var report = new InvariantReport();
            await app.Services.CheckFilesAsync(report, cancellationToken);
            if (report.Violations.Count == 0)
            {
                throw;
            }

            report.Violation("I2", $"the other promises could not be checked: {failure.GetBaseException().Message}");
            return report;
        }
    }

    /// <summary>Runs every check once, on stores that are open.</summary>
    public static async Task<InvariantReport> CheckAsync(WebApplication app, CancellationToken cancellationToken)
    {
        await using var scope = app.Services.CreateAsyncScope();
        var report = new InvariantReport();
        foreach (var check in scope.ServiceProvider.GetServices<IInvariantCheck>())
        {
            try
            {
                await check.RunAsync(report, cancellationToken);
            }
            catch (Exception failure) when (IsOutage(app, failure))
            {
                report.Violation("I2", $"{check.GetType().Name} came to no end: {failure.GetBaseException().Message}");
            }
        }

        return report;
    }

    private static bool IsOutage(WebApplication app, Exception failure) =>
        app.Services.GetRequiredService<IOutageDetector>().IsOutage(failure);
}
