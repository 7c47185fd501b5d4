using MediatR;
using TicketBooth.Admissions.Storage;
using TicketBooth.Booking.Contracts;
using TicketBooth.BuildingBlocks.Kernel;

namespace TicketBooth.Admissions.Issuing;

/// <summary>
/// Issues the tickets of orders that were paid while the house ran without this module: nobody kept their messages for it. Looks once after
/// a start, from where the module last ran; then it only notes that it runs.
/// </summary>
internal sealed class IssueMissedTicketsWorker(ITicketStore tickets, IServiceScopeFactory scopes, WorkServices services)
    : PeriodicWork(new WorkSchedule(TimeSpan.FromMinutes(1)) { StartsAtOnce = true, Timeout = TimeSpan.FromHours(1) }, services)
{
    private const int PageSize = 500;

    // An order's id is older than its payment: it may have been reserved with an idempotency key a day before, and held for the gateway.
    private static readonly TimeSpan Margin = TimeSpan.FromHours(26);

    // A message that was under way when the module last ran may have been meant for it in vain.
    private static readonly TimeSpan Overlap = TimeSpan.FromHours(1);

    private bool hasLooked;

    protected override async Task RunRoundAsync(CancellationToken cancellationToken)
    {
        var now = Clock.GetUtcNow();
        if (!hasLooked && await tickets.MomentAsync(Moment.Ran) is { } ran)
        {
            await IssueSinceAsync(ran, cancellationToken);
        }

        hasLooked = true;
        await tickets.SetMomentAsync(Moment.Ran, now);
    }

    private async Task IssueSinceAsync(DateTimeOffset ran, CancellationToken cancellationToken)
    {
        await using var scope = scopes.CreateAsyncScope();
        var mediator = scope.ServiceProvider.GetRequiredService<IMediator>();
        var first = TaggedId.Earliest(ran - Margin);
        Guid? after = null;
        while ((await mediator.Send(new ListOrderFacts(after, PageSize) { First = first }, cancellationToken)).Value is { Count: > 0 } page)
        {
            after = page[^1].OrderId;
            var paid = page.Where(order => order is { Status: OrderStatus.Paid, HasPendingMessages: false })
                .Where(order => order.PaidAt >= ran - Overlap)
                .ToList();
            var issued = (await tickets.OfOrdersAsync([.. paid.Select(order => order.OrderId)]))
                .Select(ticket => ticket.OrderId)
                .ToHashSet();
            var missed = paid.Where(order => !issued.Contains(order.OrderId)).Select(TicketWriter.ChangeOf).ToList();
            if (missed.Count > 0)
            {
                await tickets.ApplyAsync(missed);
            }
        }
    }
}
