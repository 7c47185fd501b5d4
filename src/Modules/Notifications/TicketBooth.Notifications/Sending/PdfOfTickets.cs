using MediatR;
using TicketBooth.Admissions.Contracts;
using TicketBooth.BuildingBlocks.Kernel;
using TicketBooth.Notifications.Composing;

namespace TicketBooth.Notifications.Sending;

/// <summary>The tickets of an order as one PDF, where the module Admissions is loaded.</summary>
internal sealed class PdfOfTickets(IEnumerable<IRequestHandler<GetTicketsPdf, Result<TicketsPdf>>> admissions, IMediator mediator)
    : ITicketAttachments
{
    private const string MediaType = "application/pdf";

    public async Task<IReadOnlyList<TicketAttachment>?> GetAsync(Guid orderId, string language, CancellationToken cancellationToken)
    {
        if (!admissions.Any())
        {
            return [];
        }

        var drawn = await mediator.Send(new GetTicketsPdf(orderId, language), cancellationToken);
        return drawn.IsSuccess ? [new TicketAttachment(drawn.Value.FileName, MediaType, drawn.Value.Content)] : null;
    }
}
