using MediatR;
using Microsoft.Extensions.DependencyInjection;
using TicketBooth.Dashboard.Maintenance;
using TicketBooth.Dashboard.ReadModel;
using TicketBooth.Dashboard.ReadModel.Writing;
using TicketBooth.Dashboard.Tests.ReadModel;

namespace TicketBooth.Dashboard.Tests.Maintenance;

/// <summary>The comparison that a host makes by itself looks at less, and overlooks nothing for long.</summary>
internal sealed class RoutineReconciliationTests(Provider provider) : MaintenanceFixture(provider)
{
    private const int Orders = 10;

    /// <summary>So far ahead that all that the test has sold is older than what may have changed since.</summary>
    private static readonly TimeSpan Ahead = TimeSpan.FromHours(30);

    private static readonly string[] Kinds =
    [
        "an order has a wrong total",
        "an order is not in the ledger",
        "a sum is wrong",
        "a payment is missing",
        "a payment is not in the ledger",
        "an event is wrong and claims to be newer",
    ];

    [Test]
    public async Task Finds_what_differs_of_that_which_may_have_changed()
    {
        await EndedAsync(TimeSpan.Zero, differences: 0);
        Assert.That((await CompareByItselfAsync()).Lines, Is.Empty, "before any damage");

        await AssertFindsTheDamageAsync();
    }

    [Test]
    public async Task Finds_what_differs_of_that_which_has_not_changed_for_long()
    {
        await EndedAsync(Ahead, differences: 0);

        await AssertFindsTheDamageAsync();
    }

    [Test]
    public async Task Goes_on_where_the_last_one_left_off()
    {
        await EndedAsync(Ahead, differences: 0);
        Damage("UPDATE DashboardOrders SET Total = Total + 1 WHERE Status = 1");
        await OldOnesComparedAsync();

        var rest = await CompareByItselfAsync();
        var anew = await CompareByItselfAsync();

        // Orders on payment are compared each time.
        Assert.That(
            (rest.Orders, rest.Count),
            Is.EqualTo((Database.Sql("SELECT COUNT(*) FROM DashboardOrders WHERE Status = 0"), 0L)),
            "all that is old was compared before"
        );
        Assert.That(anew.Orders, Is.EqualTo(rest.Orders + Orders), "and is compared again");
        Assert.That(anew.Lines, Has.Some.Contains(" BRL of event"));
    }

    [Test]
    public async Task Compares_everything_after_a_difference()
    {
        await EndedAsync(Ahead, differences: 1);
        await OldOnesComparedAsync();

        Assert.That((await CompareByItselfAsync()).Orders, Is.EqualTo(Orders));
    }

    [Test]
    public async Task An_event_with_many_orders_is_counted_page_by_page()
    {
        Damage("UPDATE DashboardSales SET Revenue = Revenue + 1 WHERE Span = 1");

        Assert.That((await CountByPagesAsync(() => Task.CompletedTask)).Lines, Has.Some.Contains("sales of event"));
    }

    [Test]
    public async Task A_sum_that_changed_while_its_orders_were_counted_is_left_to_the_next_run()
    {
        var findings = await CountByPagesAsync(async () =>
        {
            await Task.WhenAll(EventIds.Select(id => Office.SellAsync(id, 0)));
            await Office.SettledAsync();
        });

        Assert.That(findings.Lines, Is.Empty);
    }

    private async Task AssertFindsTheDamageAsync()
    {
        var damages = Damages.Where(damage => Kinds.Contains(damage.What)).ToList();
        damages.ForEach(damage => Damage(damage.Sql));

        var found = (await CompareByItselfAsync()).Lines;

        Assert.That(damages, Has.Count.EqualTo(Kinds.Length));
        Assert.Multiple(() => damages.ForEach(damage => Assert.That(found, Has.Some.Contains(damage.Found), damage.What)));
    }

    /// <summary>Comparisons have gone over all old orders.</summary>
    private Task OldOnesComparedAsync() =>
        ScopedAsync(services =>
            services
                .GetRequiredService<ReadModelWriter>()
                .WriteAsync(
                    (tables, _) => tables.SetAsync(StateRow.Compared, (DateTimeOffset.UtcNow + Ahead).UtcTicks),
                    CancellationToken.None
                )
        );

    /// <summary>The latest comparison, as it may have ended.</summary>
    private Task EndedAsync(TimeSpan ahead, long differences) =>
        ScopedAsync(async services =>
        {
            var at = DateTimeOffset.UtcNow + ahead;
            var db = services.GetRequiredService<DashboardDbContext>();
            db.Add(
                new RunRow
                {
                    Id = Guid.CreateVersion7(),
                    Kind = RunKind.Reconciliation,
                    StartedAt = at,
                    SeenAt = at,
                    EndedAt = at,
                    Differences = differences,
                }
            );
            await db.SaveChangesAsync();
        });

    private async Task<Findings> CompareByItselfAsync()
    {
        await using var scope = Host.App.Services.CreateAsyncScope();
        return await ActivatorUtilities
            .CreateInstance<RoutineReconciliation>(scope.ServiceProvider, new HurriedClock())
            .RunAsync(_ => Task.CompletedTask, CancellationToken.None);
    }

    /// <param name="meanwhile">Happens once, before the first sum is compared.</param>
    private async Task<Findings> CountByPagesAsync(Func<Task> meanwhile)
    {
        await using var scope = Host.App.Services.CreateAsyncScope();
        var services = scope.ServiceProvider;
        var steps = 0;
        var walk = new LedgerWalk(
            services.GetRequiredService<IMediator>(),
            services.GetRequiredService<DashboardDbContext>(),
            services.GetRequiredService<ReadModelWriter>(),
            new HurriedClock(),
            _ => steps++ == 0 ? meanwhile() : Task.CompletedTask,
            CancellationToken.None
        );
        await ActivatorUtilities.CreateInstance<SumComparison>(services, walk, 0L, 0L, CancellationToken.None).CompareAsync(IdSpan.Everything);
        return await walk.EndAsync();
    }

    private async Task ScopedAsync(Func<IServiceProvider, Task> act)
    {
        await using var scope = Host.App.Services.CreateAsyncScope();
        await act(scope.ServiceProvider);
    }
}
