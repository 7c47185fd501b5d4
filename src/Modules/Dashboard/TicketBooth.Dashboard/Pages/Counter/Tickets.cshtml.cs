using System.Globalization;
using MediatR;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;
using Microsoft.Extensions.Options;
using TicketBooth.Admissions.Contracts;
using TicketBooth.Booking.Contracts;
using TicketBooth.BuildingBlocks.Kernel;
using TicketBooth.BuildingBlocks.Web;
using TicketBooth.Dashboard.Figures;
using TicketBooth.Dashboard.Shell;

namespace TicketBooth.Dashboard.Pages.Counter;

/// <summary>
/// The tickets of a paid order, for the counter's printer: by the browser, on a roll of 80 mm or on A4. Nothing is fetched from elsewhere,
/// so it prints without a network.
/// </summary>
internal sealed class TicketsModel(IMediator mediator, IServiceProvider services, IOptions<HouseOptions> house) : PageModel
{
    public const string Roll = "80mm";
    public const string Sheet = "a4";

    public OrderFacts Order { get; private set; } = null!;

    public GetEventFigures.EventFigures Event { get; private set; } = null!;

    /// <summary>Those that the order still holds.</summary>
    public IReadOnlyList<OrderedTicket> Tickets { get; private set; } = [];

    /// <summary>What opens the door, by ticket; none on a host without the module Admissions.</summary>
    public IReadOnlyDictionary<Guid, string> Codes { get; private set; } = new Dictionary<Guid, string>();

    public string Paper { get; private set; } = Roll;

    public HouseOptions House => house.Value;

    /// <summary>As the law wants it on a ticket: who sells it, by which number, where.</summary>
    public string Seller =>
        string.Join(
            " · ",
            new[] { House.Name, House.TaxId, House.Address }.Where(part => !string.IsNullOrEmpty(part)).Select(Show.Isolated!)
        );

    /// <summary>A buyer reads it, so it is the time of the house and not that of the back office's pages, and says so.</summary>
    public string TimeOf(DateTimeOffset at) => House.TimeOf(at, "f", CultureInfo.CurrentCulture);

    public string TierOf(OrderedTicket ticket) => Event.Tiers.FirstOrDefault(tier => tier.Id == ticket?.TierId)?.Name ?? "";

    public async Task<IActionResult> OnGetAsync(Guid id, string? paper, CancellationToken cancellationToken)
    {
        if ((await mediator.Send(new GetOrderFacts([id]), cancellationToken)).Value is not [{ Status: OrderStatus.Paid } order])
        {
            return NotFound();
        }

        var shown = await mediator.Send(new GetEventFigures.Query(order.EventId), cancellationToken);
        if (shown.Error is not null)
        {
            return NotFound();
        }

        (Order, Event, Paper) = (order, shown.Value, paper == Sheet ? Sheet : Roll);
        Tickets = [.. order.Tickets.Where(ticket => !ticket.Released)];
        Codes = await CodesAsync(cancellationToken);
        return Page();
    }

    private async Task<IReadOnlyDictionary<Guid, string>> CodesAsync(CancellationToken cancellationToken)
    {
        if (services.GetService<IRequestHandler<ListTicketCodes, Result<IReadOnlyList<PrintedCode>>>>() is null)
        {
            return Codes;
        }

        var listed = await mediator.Send(new ListTicketCodes(Order.OrderId), cancellationToken);
        return listed.Value.ToDictionary(ticket => ticket.TicketId, ticket => ticket.Code);
    }
}
