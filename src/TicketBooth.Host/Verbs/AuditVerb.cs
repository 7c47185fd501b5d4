using System.Globalization;
using TicketBooth.BuildingBlocks.Kernel;
using TicketBooth.BuildingBlocks.Storage;

namespace TicketBooth.Host.Verbs;

/// <summary><c>audit</c>: checks the promises I1-I8 on the stored data, while a server runs or not.</summary>
internal static class AuditVerb
{
    // A message that is still in the broker is in no store, and may explain a violation that disappears once the message is processed.
    // The time counts from the last violation that disappeared.
    private static readonly TimeSpan BrokerTimeout = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(2);

    /// <returns>0 when every promise holds, 1 when one does not.</returns>
    public static async Task<int> RunAsync(string[] args, TextWriter output)
    {
        await using var app = TicketBoothHost.Build([.. args, "--Storage:ReadOnly=true", "--Logging:LogLevel:Default=Warning"]);
        if (await FindDamageAsync(app) is { } damage)
        {
            return await TellAsync(damage, output);
        }

        var report = await CheckAsync(app);
        var timeout = string.IsNullOrWhiteSpace(app.Configuration.GetConnectionString("Kafka")) ? TimeSpan.Zero : BrokerTimeout;
        var clock = app.Services.GetRequiredService<TimeProvider>();
        for (var since = clock.GetTimestamp(); report.Violations.Count > 0 && clock.GetElapsedTime(since) < timeout;)
        {
            await Task.Delay(Pause, clock);
            var before = report.Violations.Count;
            report = await CheckAsync(app);
            if (report.Violations.Count < before)
            {
                since = clock.GetTimestamp();
            }
        }

        return await TellAsync(report, output);
    }

    /// <summary>Opens the stores.</summary>
    /// <returns>Null when they are open; otherwise what is wrong with the files that keep a module from starting.</returns>
    private static async Task<InvariantReport?> FindDamageAsync(WebApplication app)
    {
        try
        {
            await app.StartModulesAsync();
            return null;
        }
        catch (Exception failure) when (IsOutage(app, failure))
        {
            var report = new InvariantReport();
            await app.Services.CheckFilesAsync(report, CancellationToken.None);
            if (report.Violations.Count == 0)
            {
                throw;
            }

            report.Violation("I2", $"the other promises could not be checked: {failure.GetBaseException().Message}");
            return report;
        }
    }

    private static async Task<int> TellAsync(InvariantReport report, TextWriter output)
    {
        foreach (var (promise, name, value) in report.Figures.OrderBy(figure => figure.Promise, StringComparer.Ordinal))
        {
            await output.WriteLineAsync(string.Create(CultureInfo.InvariantCulture, $"{promise}  {value,10}  {name}"));
        }

        foreach (var (promise, text) in report.Violations)
        {
            await output.WriteLineAsync($"{promise}  VIOLATION  {text}");
        }

        await output.WriteLineAsync(
            report.Violations.Count == 0
                ? "PASS"
                : string.Create(CultureInfo.InvariantCulture, $"FAIL: {report.Violations.Count} violations")
        );
        return report.Violations.Count == 0 ? 0 : 1;
    }

    private static async Task<InvariantReport> CheckAsync(WebApplication app)
    {
        await using var scope = app.Services.CreateAsyncScope();
        var report = new InvariantReport();
        foreach (var check in scope.ServiceProvider.GetServices<IInvariantCheck>())
        {
            try
            {
                await check.RunAsync(report, CancellationToken.None);
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
