using MediatR;
using TicketBooth.Admissions.Codes;
using TicketBooth.Admissions.Contracts;
using TicketBooth.Admissions.Doors;
using TicketBooth.BuildingBlocks.Kernel;

namespace TicketBooth.Admissions.Tickets;

/// <summary>Tells another module the codes of an order's tickets, for its printer.</summary>
internal static class ListCodes
{
    internal sealed class Handler(OrderTicketsOf orders, TicketCodes codes, KnownEvents events)
        : IRequestHandler<ListTicketCodes, Result<IReadOnlyList<PrintedCode>>>
    {
        public async Task<Result<IReadOnlyList<PrintedCode>>> Handle(ListTicketCodes request, CancellationToken cancellationToken)
        {
            var found = await orders.FindAsync(request.OrderId, Viewer.OtherModule, cancellationToken);
            if (found.Error is { } error)
            {
                return error;
            }

            var valid = found.Value.Where(ticket => ticket.IsActive).ToList();
            if (valid.Count == 0 || await events.FindAsync(valid[0].EventId, cancellationToken) is not { IsCanceled: false })
            {
                return Result<IReadOnlyList<PrintedCode>>.From([]);
            }

            var signed = await codes.AddAsync(valid, cancellationToken);
            return Result<IReadOnlyList<PrintedCode>>.From([
                .. signed.Where(ticket => ticket.Code is not null).Select(ticket => new PrintedCode(ticket.Id, ticket.Code!)),
            ]);
        }
    }
}
