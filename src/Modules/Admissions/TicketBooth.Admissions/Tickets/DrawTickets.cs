using System.Globalization;
using FluentValidation;
using MediatR;
using TicketBooth.Admissions.Codes;
using TicketBooth.Admissions.Contracts;
using TicketBooth.Admissions.Documents;
using TicketBooth.Admissions.Domain;
using TicketBooth.Admissions.Doors;
using TicketBooth.BuildingBlocks.Kernel;
using TicketBooth.BuildingBlocks.Web;

namespace TicketBooth.Admissions.Tickets;

/// <summary>Draws tickets as a PDF.</summary>
internal static class DrawTickets
{
    private const string ContentType = "application/pdf";
    private const string Example = "\"%PDF-1.6…\"";

    /// <param name="TicketId">Only this one; null for all of the order.</param>
    internal sealed record Query(Guid OrderId, Guid? TicketId, Viewer Viewer, string Language) : IRequest<Result<TicketsPdf>>;

    internal static void Map(IEndpointRouteBuilder routes)
    {
        routes
            .MapGet(
                "/api/v1/orders/{id:guid}/tickets.pdf",
                (Guid id, string? link, HttpContext http, IMediator mediator, CancellationToken ct) =>
                    AnswerAsync(new Query(id, TicketId: null, Viewer.Of(http.User, link), LanguageOf(http.Request)), mediator, ct)
            )
            .WithName("GetTicketsPdf")
            .WithSummary("Load the tickets of an order as a PDF")
            .WithDescription(
                """
                An A4 page for each valid ticket, with its QR code, for whoever `ListOrderTickets` shows them to. In Portuguese where
                `Accept-Language` prefers it, else in English. 409 `tickets-not-issued` while the order has no valid ticket.
                """
            )
            .Describe();
        routes
            .MapGet(
                "/api/v1/orders/{id:guid}/tickets/{ticketId:guid}.pdf",
                (Guid id, Guid ticketId, string? link, HttpContext http, IMediator mediator, CancellationToken ct) =>
                    AnswerAsync(new Query(id, ticketId, Viewer.Of(http.User, link), LanguageOf(http.Request)), mediator, ct)
            )
            .WithName("GetTicketPdf")
            .WithSummary("Load one ticket as a PDF")
            .WithDescription("As `GetTicketsPdf`, with one page. 409 `tickets-not-issued` when the ticket is void.")
            .Describe();
    }

    private static void Describe(this RouteHandlerBuilder endpoint) =>
        endpoint
            .AllowAnonymous()
            .WithTags("Tickets")
            .WithExamples(response: Example)
            .Produces<string>(StatusCodes.Status200OK, ContentType)
            .ProducesErrors(StatusCodes.Status401Unauthorized, "unauthenticated")
            .ProducesErrors(StatusCodes.Status403Forbidden, "link-expired")
            .ProducesErrors(StatusCodes.Status404NotFound, "order-not-found", "ticket-not-found")
            .ProducesErrors(StatusCodes.Status409Conflict, "tickets-not-issued");

    private static async Task<IResult> AnswerAsync(Query query, IMediator mediator, CancellationToken cancellationToken) =>
        (await mediator.Send(query, cancellationToken)).ToHttp(pdf => TypedResults.File(pdf.Content, ContentType, pdf.FileName));

    private static string LanguageOf(HttpRequest request) =>
        ClientLanguage.Of(request) is null ? TicketWords.English : TicketWords.Portuguese;

    internal sealed class Validator : AbstractValidator<GetTicketsPdf>
    {
        public Validator() =>
            RuleFor(query => query.Language)
                .Must(language => language is TicketWords.English or TicketWords.Portuguese)
                .WithMessage("One of en, pt-BR.");
    }

    internal sealed class Handler(OrderTicketsOf orders, TicketCodes codes, KnownEvents events, TicketPdf pdf)
        : IRequestHandler<Query, Result<TicketsPdf>>,
            IRequestHandler<GetTicketsPdf, Result<TicketsPdf>>
    {
        public Task<Result<TicketsPdf>> Handle(GetTicketsPdf request, CancellationToken cancellationToken) =>
            Handle(new Query(request.OrderId, TicketId: null, Viewer.OtherModule, request.Language), cancellationToken);

        public async Task<Result<TicketsPdf>> Handle(Query request, CancellationToken cancellationToken)
        {
            var found = await orders.FindAsync(request.OrderId, request.Viewer, cancellationToken);
            if (found.Error is { } error)
            {
                return error;
            }

            var wanted = found.Value.Where(ticket => request.TicketId is not { } id || ticket.Id == id).ToList();
            if (wanted.Count == 0 && request.TicketId is not null)
            {
                return AdmissionsErrors.TicketNotFound;
            }

            var sheets = new List<TicketSheet>();
            foreach (var ticket in await codes.AddAsync([.. wanted.Where(ticket => IsTheirs(ticket, request.Viewer))], cancellationToken))
            {
                if (ticket.Code is not null && await events.FindAsync(ticket.EventId, cancellationToken) is { IsCanceled: false } show)
                {
                    sheets.Add(new TicketSheet(show, ticket));
                }
            }

            return sheets.Count == 0 ? AdmissionsErrors.NotIssued : new TicketsPdf(NameOf(request), pdf.Draw(sheets, request.Language));
        }

        private static bool IsTheirs(IssuedTicket ticket, Viewer viewer) =>
            ticket.IsActive && (viewer.IsStaff || ticket.IsOf(viewer.UserId ?? ticket.BuyerId));

        private static string NameOf(Query request) =>
            string.Create(CultureInfo.InvariantCulture, $"{TicketWords.In(request.Language).FileName}-{SpokenId.Of(request.OrderId)}.pdf");
    }
}
