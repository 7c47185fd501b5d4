using System.Globalization;
using TicketBooth.BuildingBlocks.Kernel;
using TicketBooth.Host.Auditing;

namespace TicketBooth.Host.Verbs;

/// <summary><c>audit</c>: checks the promises I1-I8 on the stored data, while a server runs or not.</summary>
internal static class AuditVerb
{
    /// <returns>0 when every promise holds, 1 when one does not.</returns>
    public static async Task<int> RunAsync(string[] args, TextWriter output)
    {
        await using var app = TicketBoothHost.Build([.. args, "--Storage:ReadOnly=true", "--Logging:LogLevel:Default=Warning"]);
        if (await StoredAudit.FindDamageAsync(app, built => built.StartModulesAsync(), CancellationToken.None) is { } damage)
        {
            return await TellAsync(damage, damage.Violations, output);
        }

        var isBrokered = !string.IsNullOrWhiteSpace(app.Configuration.GetConnectionString("Kafka"));
        var looks = new AuditLooks(
            () => StoredAudit.CheckAsync(app, CancellationToken.None),
            AuditLooks.Pause,
            isBrokered ? AuditLooks.OfBroker : TimeSpan.Zero,
            app.Services.GetRequiredService<TimeProvider>()
        );
        var (report, violations) = await looks.LastingAsync();
        return await TellAsync(report, violations, output);
    }

    private static async Task<int> TellAsync(InvariantReport report, IReadOnlyCollection<Violation> violations, TextWriter output)
    {
        foreach (var (promise, name, value) in report.Figures.OrderBy(figure => figure.Promise, StringComparer.Ordinal))
        {
            await output.WriteLineAsync(string.Create(CultureInfo.InvariantCulture, $"{promise}  {value,10}  {name}"));
        }

        foreach (var (promise, text) in violations)
        {
            await output.WriteLineAsync($"{promise}  VIOLATION  {text}");
        }

        await output.WriteLineAsync(
            violations.Count == 0
                ? "PASS"
                : string.Create(CultureInfo.InvariantCulture, $"FAIL: {violations.Count} violations")
        );
        return violations.Count == 0 ? 0 : 1;
    }
}
