using FluentValidation;
using MediatR;
using TicketBooth.Booking.Contracts;
using TicketBooth.Booking.Domain;
using TicketBooth.Booking.Shards;
using TicketBooth.BuildingBlocks.Kernel;

namespace TicketBooth.Booking.Orders;

/// <summary>Answers other modules' queries about orders.</summary>
internal static class OrderFactsQueries
{
    internal sealed class ListValidator : AbstractValidator<ListOrderFacts>
    {
        public ListValidator() => RuleFor(query => query.Limit).InclusiveBetween(1, 1_000);
    }

    internal sealed class ListHandler(ShardRegistry shards) : IRequestHandler<ListOrderFacts, Result<IReadOnlyList<OrderFacts>>>
    {
        public async Task<Result<IReadOnlyList<OrderFacts>>> Handle(ListOrderFacts request, CancellationToken cancellationToken)
        {
            foreach (var (shard, after) in shards.From(request.After))
            {
                var page = await shard.Store.PageAsync(after ?? request.First, request.Limit);
                if (request.End is { } end)
                {
                    page = [.. page.TakeWhile(order => order.Id < end)];
                }

                if (page.Count > 0)
                {
                    return Result<IReadOnlyList<OrderFacts>>.From(await FactsAsync(shard, page));
                }
            }

            return Result<IReadOnlyList<OrderFacts>>.From([]);
        }
    }

    internal sealed class GetHandler(ShardRegistry shards) : IRequestHandler<GetOrderFacts, Result<IReadOnlyList<OrderFacts>>>
    {
        public async Task<Result<IReadOnlyList<OrderFacts>>> Handle(GetOrderFacts request, CancellationToken cancellationToken)
        {
            var facts = new List<OrderFacts>();
            foreach (var ids in request.OrderIds.GroupBy(id => TaggedId.TryReadTag(id, out var shard) ? shard : (ushort)0))
            {
                if (await shards.FindAsync(ids.First()) is { } shard)
                {
                    facts.AddRange(await FactsAsync(shard, await shard.Store.LoadAsync([.. ids])));
                }
            }

            return Result<IReadOnlyList<OrderFacts>>.From(facts);
        }
    }

    internal sealed class BuyerValidator : AbstractValidator<ListOrdersOfBuyer>
    {
        public BuyerValidator() => RuleFor(query => query.Limit).InclusiveBetween(1, Cursor.LargestLimit);
    }

    internal sealed class BuyerHandler(ShardRegistry shards) : IRequestHandler<ListOrdersOfBuyer, Result<IReadOnlyList<OrderFacts>>>
    {
        public async Task<Result<IReadOnlyList<OrderFacts>>> Handle(ListOrdersOfBuyer request, CancellationToken cancellationToken)
        {
            var newest = await shards.OfBuyerAsync(request.BuyerId, request.Before, request.Limit);
            var facts = new Dictionary<Guid, OrderFacts>();
            foreach (var inShard in newest.GroupBy(order => TaggedId.TryReadTag(order.Id, out var number) ? number : (ushort)0))
            {
                var shard = await shards.OfAsync(inShard.Key);
                foreach (var order in await FactsAsync(shard, [.. inShard]))
                {
                    facts.Add(order.OrderId, order);
                }
            }

            return Result<IReadOnlyList<OrderFacts>>.From([.. newest.Select(order => facts[order.Id])]);
        }
    }

    private static async Task<List<OrderFacts>> FactsAsync(Shard shard, IReadOnlyList<Order> orders)
    {
        // After the orders were read: a message that is delivered in between is then not pending, and the caller reads the order again.
        var pending = await shard.Store.WithPendingMessagesAsync([.. orders.Select(order => order.Id)]);
        return
        [
            .. orders.Select(order => new OrderFacts(
                order.Id,
                order.Revision,
                order.EventId,
                order.Status,
                order.MarkedTickets,
                order.Total,
                order.Currency,
                order.PlacedAt,
                order.PaymentId,
                pending.Contains(order.Id)
            )
            {
                BuyerId = order.BuyerId,
                Counter = order.Counter?.ToFacts(order),
                PaidAt = order.PaidAt,
                EndedAt = order.EndedAt,
                Returned = order.Returned,
                Disputes =
                    order.Disputes.Count == 0
                        ? []
                        :
                        [
                            .. order.Disputes.Select(dispute => new OrderDisputeFacts(
                                dispute.Id,
                                dispute.PaymentId,
                                dispute.Amount,
                                dispute.State,
                                dispute.At,
                                dispute.Revision
                            )),
                        ],
                Refunds = order.Refunds.Count == 0 ? [] : [.. order.Refunds.Select(refund => refund.ToFacts())],
            }),
        ];
    }
}
