using System.Globalization;
using TicketBooth.BuildingBlocks.Auditing;

namespace TicketBooth.Host.Verbs;

/// <summary><c>audit</c>: proves the promises I1-I7 on the stored data, beside a serving host or without one.</summary>
internal static class AuditVerb
{
    /// <returns>0 when every promise holds, 1 when one does not.</returns>
    public static async Task<int> RunAsync(string[] args, TextWriter output)
    {
        await using var app = TicketBoothHost.Build([.. args, "--Storage:ReadOnly=true", "--Logging:LogLevel:Default=Warning"]);
        await app.StartModulesAsync();
        await using var scope = app.Services.CreateAsyncScope();
        var report = new AuditReport();
        foreach (var check in scope.ServiceProvider.GetServices<IAuditCheck>())
        {
            await check.RunAsync(report, CancellationToken.None);
        }

        foreach (var (promise, name, value) in report.Figures.OrderBy(figure => figure.Promise, StringComparer.Ordinal))
        {
            await output.WriteLineAsync(string.Create(CultureInfo.InvariantCulture, $"{promise}  {value,10}  {name}"));
        }

        foreach (var (promise, text) in report.Violations)
        {
            await output.WriteLineAsync($"{promise}  VIOLATION  {text}");
        }

        await output.WriteLineAsync(report.Violations.Count == 0
            ? "PASS"
            : string.Create(CultureInfo.InvariantCulture, $"FAIL: {report.Violations.Count} violations"));
        return report.Violations.Count == 0 ? 0 : 1;
    }
}
