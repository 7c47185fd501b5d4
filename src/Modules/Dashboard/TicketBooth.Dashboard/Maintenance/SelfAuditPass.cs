using TicketBooth.BuildingBlocks.Kernel;

namespace TicketBooth.Dashboard.Maintenance;

/// <summary>
/// One pass of the modules' checks over the stored data of hosts that serve. A finding counts only when it is still there some time later:
/// messages are under way, and orders change while pages are read. What has one safe repair is then repaired.
/// </summary>
/// <param name="scopes">Checks keep what they have seen; each round of them is in a scope of its own.</param>
/// <param name="restAsync">Between two steps.</param>
/// <param name="recheckAfter">How long a finding must last.</param>
/// <param name="clock">Measures it.</param>
internal sealed partial class SelfAuditPass(
    IServiceScopeFactory scopes,
    Func<CancellationToken, Task> restAsync,
    TimeSpan recheckAfter,
    TimeProvider clock,
    ILogger logger
)
{
    /// <summary>How many orders were looked at.</summary>
    public long Orders { get; private set; }

    /// <returns>What a person must look at.</returns>
    public async Task<IReadOnlyList<Violation>> RunAsync(CancellationToken cancellationToken)
    {
        var found = await CheckAsync(_ => true, cancellationToken);
        if (found.Count == 0)
        {
            return [];
        }

        await Task.Delay(recheckAfter, clock, cancellationToken);
        var again = await CheckAsync(found.ContainsKey, cancellationToken);
        var left = new List<Violation>();
        foreach (var violation in again.SelectMany(check => check.Value.Intersect(found[check.Key])))
        {
            if (!await IsRepairedAsync(violation, cancellationToken))
            {
                left.Add(violation);
                LogFound(logger, violation.Promise, violation.Text);
            }

            await restAsync(cancellationToken);
        }

        return left;
    }

    /// <returns>The violations of each check that found any.</returns>
    private async Task<Dictionary<Type, IReadOnlyList<Violation>>> CheckAsync(
        Func<Type, bool> isWanted,
        CancellationToken cancellationToken
    )
    {
        await using var scope = scopes.CreateAsyncScope();
        var violations = new Dictionary<Type, IReadOnlyList<Violation>>();
        foreach (var check in scope.ServiceProvider.GetServices<IInvariantCheck>().Where(check => check.RunsInSteps))
        {
            if (isWanted(check.GetType()))
            {
                var report = new InvariantReport(restAsync);
                await check.RunAsync(report, cancellationToken);
                Orders = Math.Max(Orders, report.Figures.Where(figure => figure.Name == "orders").Sum(figure => figure.Value));
                if (report.Violations.Count > 0)
                {
                    violations[check.GetType()] = report.Violations;
                }

                await restAsync(cancellationToken);
            }
        }

        return violations;
    }

    private async Task<bool> IsRepairedAsync(Violation violation, CancellationToken cancellationToken)
    {
        if (violation.Repair is null || !await violation.Repair(cancellationToken))
        {
            return false;
        }

        LogRepaired(logger, violation.Promise, violation.Text);
        return true;
    }

    [LoggerMessage(EventId = 6401, Level = LogLevel.Warning, Message = "The self-audit repaired a violation of {Promise}: {Violation}")]
    private static partial void LogRepaired(ILogger logger, string promise, string violation);

    [LoggerMessage(EventId = 6400, Level = LogLevel.Error, Message = "The self-audit found a violation of {Promise}: {Violation}")]
    private static partial void LogFound(ILogger logger, string promise, string violation);
}
