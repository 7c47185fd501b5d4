using FluentValidation;
using MediatR;
using TicketBooth.Admissions.Contracts;
using TicketBooth.Admissions.Domain;
using TicketBooth.Admissions.Storage;
using TicketBooth.BuildingBlocks.Kernel;

namespace TicketBooth.Admissions.Tickets;

/// <summary>Tells of all tickets, as they are stored: it reads only.</summary>
internal static class ListTickets
{
    private const int Most = 1_000;

    internal sealed class Validator : AbstractValidator<ListTicketFacts>
    {
        public Validator() => RuleFor(asked => asked.Limit).InclusiveBetween(1, Most);
    }

    internal sealed class Handler(ITicketStore tickets) : IRequestHandler<ListTicketFacts, Result<IReadOnlyList<TicketFacts>>>
    {
        public async Task<Result<IReadOnlyList<TicketFacts>>> Handle(ListTicketFacts request, CancellationToken cancellationToken) =>
            Result<IReadOnlyList<TicketFacts>>.From([
                .. (
                    await tickets.ListAsync(
                        request.After is { } last ? (last.EventId, last.Number, last.OrderId) : null,
                        request.Limit
                    )
                ).Select(FactsOf),
            ]);

        private static TicketFacts FactsOf(IssuedTicket ticket) =>
            new(
                ticket.Id,
                ticket.EventId,
                ticket.Number,
                ticket.OrderId,
                ticket.TierId,
                ticket.IsActive,
                ticket.Generation,
                ticket.OwnerId ?? ticket.BuyerId,
                ticket.HolderName,
                ticket.Code
            );
    }
}
