using System.Globalization;
using TicketBooth.BuildingBlocks.Kernel;
using TicketBooth.Host.Auditing;

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
        if (await StoredAudit.FindDamageAsync(app, built => built.StartModulesAsync(), CancellationToken.None) is { } damage)
        {
            return await TellAsync(damage, output);
        }

        var report = await StoredAudit.CheckAsync(app, CancellationToken.None);
        var timeout = string.IsNullOrWhiteSpace(app.Configuration.GetConnectionString("Kafka")) ? TimeSpan.Zero : BrokerTimeout;
        var clock = app.Services.GetRequiredService<TimeProvider>();
        for (var since = clock.GetTimestamp(); report.Violations.Count > 0 && clock.GetElapsedTime(since) < timeout;)
        {
            await Task.Delay(Pause, clock);
            var before = report.Violations.Count;
            report = await StoredAudit.CheckAsync(app, CancellationToken.None);
            if (report.Violations.Count < before)
            {
                since = clock.GetTimestamp();
            }
        }

        return await TellAsync(report, output);
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
}
