using FluentValidation;
using MediatR;
using TicketBooth.Booking.Contracts;
using TicketBooth.Booking.Domain;
using TicketBooth.Booking.OnSale;
using TicketBooth.Booking.Shards;
using TicketBooth.BuildingBlocks.Kernel;
using Query = TicketBooth.Booking.Contracts.PreviewTicketBlock;

namespace TicketBooth.Booking.TicketBlocks;

/// <summary>Shows which tickets would be taken off sale. Reads only: it takes no place in the lane.</summary>
internal static class PreviewTicketBlock
{
    internal sealed class Validator : AbstractValidator<Query>
    {
        public Validator()
        {
            RuleFor(query => query.Numbers).AreTicketNumbers();
            RuleFor(query => query.Quantity).InclusiveBetween(1, WantedTickets.MostTickets);
            RuleFor(query => query)
                .Must(query => WantedTickets.IsClear(query.Numbers, query.TierId, query.Quantity))
                .OverridePropertyName("numbers")
                .WithMessage(WantedTickets.Unclear);
        }
    }

    internal sealed class Handler(OnSaleCatalog catalog, ShardRegistry shards) : IRequestHandler<Query, Result<TicketBlockPreview>>
    {
        public async Task<Result<TicketBlockPreview>> Handle(Query request, CancellationToken cancellationToken)
        {
            var found = await catalog.FindAsync(request.EventId, cancellationToken);
            if (found.Error is { } unknown)
            {
                return unknown;
            }

            var sale = found.Value;
            if (sale.IsCanceled)
            {
                return BookingErrors.EventCanceled;
            }

            var wanted = WantedTickets.Read(sale, request.Numbers, request.TierId);
            if (wanted.Error is { } error)
            {
                return error;
            }

            var shard = await shards.OfAsync(sale.Shard);
            var map = new TicketMap(await shard.Store.TakenNumbersAsync(sale.Id));
            var chosen = BlockRules.Choose(sale.Id, wanted.Value, sale.TicketsOf(request.TierId), request.Quantity ?? 0, map);
            return chosen.Map(numbers => new TicketBlockPreview(
                TicketNumbers.TextOf(TicketNumbers.RangesOf(numbers)),
                numbers.Length,
                numbers.CountBy(number => sale.Ticket(number).TierId).ToDictionary()
            ));
        }
    }
}
