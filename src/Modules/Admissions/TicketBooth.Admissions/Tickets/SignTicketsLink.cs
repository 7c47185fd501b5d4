using MediatR;
using TicketBooth.Admissions.Contracts;
using TicketBooth.BuildingBlocks.Kernel;

namespace TicketBooth.Admissions.Tickets;

/// <summary>Signs a link to an order's tickets, for who writes to its buyer.</summary>
internal static class SignTicketsLink
{
    internal sealed class Handler(TicketLinks links) : IRequestHandler<GetTicketsLink, Result<TicketsLink>>
    {
        public Task<Result<TicketsLink>> Handle(GetTicketsLink request, CancellationToken cancellationToken) =>
            Task.FromResult(Result<TicketsLink>.From(links.Sign(request.OrderId)));
    }
}
