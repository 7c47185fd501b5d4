using MediatR;
using TicketBooth.Booking.Contracts;
using TicketBooth.BuildingBlocks.Kernel;
using TicketBooth.Events.Domain;
using TicketBooth.Events.Storage;

namespace TicketBooth.Events.Invariants;

/// <summary>I3 and I4: what Booking published of tickets off sale was applied here.</summary>
internal sealed class BlockInvariant(IEventStore events, IMediator mediator, TimeProvider clock)
{
    private const int PageSize = 1_000;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(250);

    public async Task CheckAsync(InvariantReport report, CancellationToken cancellationToken)
    {
        long blocks = 0;
        for (Guid? after = null; ;)
        {
            var page = await PageAsync(after, cancellationToken);
            if (page.Count == 0)
            {
                break;
            }

            // A running host changes blocks between Booking's answer and this module's: only a difference that stays is wrong.
            var began = clock.GetTimestamp();
            var differing = await DifferingAsync(page);
            while (differing.Count > 0 && clock.GetElapsedTime(began) < Patience)
            {
                await Task.Delay(Pause, clock, cancellationToken);
                differing = await DifferingAsync(await PageAsync(after, cancellationToken));
            }

            foreach (var block in differing)
            {
                report.Violation(
                    "I4",
                    $"Block {block.BlockId} of event {block.EventId} is at revision {block.Revision} in Booking and not here."
                );
            }

            await report.StepAsync(cancellationToken);
            blocks += page.Count;
            after = page[^1].BlockId;
        }

        report.Count("I4", "blocks of tickets compared with Booking", blocks);
    }

    private async Task<IReadOnlyList<TicketBlockFacts>> PageAsync(Guid? after, CancellationToken cancellationToken) =>
        (await mediator.Send(new ListTicketBlockFacts(after, PageSize), cancellationToken)).Value;

    private async Task<List<TicketBlockFacts>> DifferingAsync(IReadOnlyList<TicketBlockFacts> blocks)
    {
        var differing = new List<TicketBlockFacts>();
        foreach (var ofEvent in blocks.Where(block => !block.HasPendingMessages).GroupBy(block => block.EventId))
        {
            var known = (await events.FindAsync(ofEvent.Key))?.Blocks.ToDictionary(block => block.Id) ?? [];
            differing.AddRange(ofEvent.Where(block => !IsKnown(block, known.GetValueOrDefault(block.BlockId))));
        }

        return differing;
    }

    private static bool IsKnown(TicketBlockFacts block, KnownBlock? known) =>
        known is not null
        && known.Revision == block.Revision
        && known.Tickets.Sum(range => range.Count) == (block.IsReleased ? 0 : block.Tickets.Sum(range => range.Last - range.First + 1));
}
