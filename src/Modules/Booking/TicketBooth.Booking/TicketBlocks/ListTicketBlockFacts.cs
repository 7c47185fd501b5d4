using FluentValidation;
using MediatR;
using TicketBooth.Booking.Contracts;
using TicketBooth.Booking.Domain;
using TicketBooth.Booking.Shards;
using TicketBooth.BuildingBlocks.Kernel;
using Query = TicketBooth.Booking.Contracts.ListTicketBlockFacts;

namespace TicketBooth.Booking.TicketBlocks;

/// <summary>Gives other modules the facts of blocks, for checks of the invariants.</summary>
internal static class ListTicketBlockFacts
{
    internal sealed class Validator : AbstractValidator<Query>
    {
        public Validator() => RuleFor(query => query.Limit).InclusiveBetween(1, 1_000);
    }

    internal sealed class Handler(ShardRegistry shards) : IRequestHandler<Query, Result<IReadOnlyList<TicketBlockFacts>>>
    {
        public async Task<Result<IReadOnlyList<TicketBlockFacts>>> Handle(Query request, CancellationToken cancellationToken)
        {
            foreach (var (shard, after) in shards.From(request.After))
            {
                var page = await shard.Store.Blocks.PageAsync(after, request.Limit);
                if (page.Count > 0)
                {
                    // After the blocks were read: a message that is delivered in between is then not pending, and the caller asks again.
                    var pending = await shard.Store.WithPendingMessagesAsync([.. page.Select(block => block.Id)]);
                    return Result<IReadOnlyList<TicketBlockFacts>>.From([
                        .. page.Select(block => FactsOf(block, pending.Contains(block.Id))),
                    ]);
                }
            }

            return Result<IReadOnlyList<TicketBlockFacts>>.From([]);
        }

        private static TicketBlockFacts FactsOf(TicketBlock block, bool hasPendingMessages) =>
            new(block.Id, block.Revision, block.EventId, block.Kind, block.IsReleased, block.Tickets, hasPendingMessages);
    }
}
