using FluentValidation;
using MediatR;
using TicketBooth.Admissions.Codes;
using TicketBooth.Admissions.Domain;
using TicketBooth.Admissions.Doors;
using TicketBooth.Admissions.Storage;
using TicketBooth.BuildingBlocks.Kernel;
using TicketBooth.BuildingBlocks.Web;
using TicketBooth.BuildingBlocks.Web.Idempotency;

namespace TicketBooth.Admissions.CheckIns;

/// <summary>Lets the bearer of a ticket in, or out.</summary>
internal static class CheckIn
{
    // Longer than any code, however it is grouped.
    private const int LongestCode = 400;

    /// <param name="ScanId">A new UUID for each scan: a repeated request with it is the same scan.</param>
    /// <param name="Code">What the QR code holds.</param>
    /// <param name="TicketId">Instead of a code: a ticket that staff have found by name or order.</param>
    /// <param name="EventId">The event whose door it is; a ticket of another one is then refused.</param>
    /// <param name="Direction">`in` when left out.</param>
    /// <param name="ScannedAt">When it was scanned; now when left out.</param>
    /// <param name="Offline">The scanner has decided by itself already.</param>
    [LimitsOf(typeof(Command))]
    internal sealed record Body(
        Guid ScanId,
        string? Code = null,
        Guid? TicketId = null,
        Guid? EventId = null,
        Direction Direction = Direction.In,
        DateTimeOffset? ScannedAt = null,
        bool Offline = false
    );

    internal sealed record Command(
        Guid ScanId,
        string? Code,
        Guid? TicketId,
        Guid? EventId,
        Direction Direction,
        DateTimeOffset? ScannedAt,
        bool Offline,
        Actor By
    ) : IRequest<Result<CheckInAnswer>>;

    internal static void Map(IEndpointRouteBuilder routes) =>
        routes
            .MapPost("/api/v1/checkins", async (Body body, HttpContext http, IMediator mediator, CancellationToken ct) =>
            {
                var command = new Command(
                    body.ScanId,
                    body.Code,
                    body.TicketId,
                    body.EventId,
                    body.Direction,
                    body.ScannedAt,
                    body.Offline,
                    http.User.ToActor()
                );
                return (await mediator.Send(command, ct)).ToHttp(answer => Answers.Ok(answer, CheckInJson.Default.CheckInAnswer));
            })
            .RequireDoor()
            .WithoutIdempotencyKey()
            .WithName("CheckIn")
            .WithTags("Door")
            .WithSummary("Let a ticket in or out")
            .WithDescription(
                """
                Every scan is answered with 200 and its `outcome`: `admitted`, or why not. One ticket is admitted once, however many doors
                and hosts there are: of two scans at the same moment one is `admitted`, the other `already_admitted` with the `previous`
                scan. `left` and `not_inside` answer the direction `out`; whether a ticket that has left comes in again is a rule of the
                event. `void`: refunded, sold again, transferred or issued anew. `in_transfer`: offered to somebody who has not answered.

                `scanId` makes a repeated request the same scan, with the same answer. A scanner that was offline sends what it has let in
                with `"offline": true` and its `scannedAt` (at most 7 days ago): the outcome tells whether that was right, and what was
                wrong is a conflict in `GetDoor`.
                """
            )
            .WithExamples(request: CheckInExamples.Request, response: CheckInExamples.Admitted)
            .Produces<CheckInAnswer>()
            .ProducesProblem(StatusCodes.Status400BadRequest)
            .ProducesProblem(StatusCodes.Status401Unauthorized)
            .ProducesProblem(StatusCodes.Status403Forbidden)
            .ProducesErrors(StatusCodes.Status409Conflict, "scan-id-used")
            .ProducesErrors(StatusCodes.Status422UnprocessableEntity, "validation-failed");

    internal sealed class Validator : AbstractValidator<Command>
    {
        private static readonly TimeSpan Oldest = TimeSpan.FromDays(7);

        public Validator(TimeProvider clock)
        {
            RuleFor(command => command.ScanId).NotEmpty();
            RuleFor(command => command.Code).MaximumLength(LongestCode);
            RuleFor(command => command.Code)
                .Must((command, code) => code is null != command.TicketId is null)
                .WithMessage("Send a code or a ticketId, and not both.");
            RuleFor(command => command.ScannedAt)
                .Must(at => at is null || at >= clock.GetUtcNow() - Oldest)
                .WithMessage("A scan may be told of within 7 days.");
            RuleFor(command => command.By).SetValidator(new ActorRules());
        }
    }

    internal sealed class Handler(
        ITicketStore tickets,
        IDoorStore door,
        KnownEvents events,
        EventKeys keys,
        CheckInAnswers answers,
        TimeProvider clock
    ) : IRequestHandler<Command, Result<CheckInAnswer>>
    {
        public async Task<Result<CheckInAnswer>> Handle(Command request, CancellationToken cancellationToken)
        {
            while (true)
            {
                var (scan, ticket) = await DecideAsync(request, cancellationToken);
                switch (await door.AddScanAsync(scan))
                {
                    case ScanWrite.Added:
                        return await answers.OfAsync(scan, ticket, cancellationToken);
                    case ScanWrite.Repeated:
                        return await RepeatAsync(request, scan, cancellationToken);
                    default:
                        // Another door was faster: what it did is read now.
                        continue;
                }
            }
        }

        private async Task<Result<CheckInAnswer>> RepeatAsync(Command request, Scan again, CancellationToken cancellationToken)
        {
            var first = (await door.FindScanAsync(request.ScanId))!;
            if (!IsSame(first.Code, again.Code, request.TicketId is not null) || first.Direction != again.Direction)
            {
                return AdmissionsErrors.ScanIdUsed;
            }

            // The answer was lost on its way, and the scanner let in by itself what was refused here.
            if (request.Offline && first is { IsOffline: false, IsPassage: false })
            {
                await door.MarkOfflineAsync(first.Id);
            }

            return await answers.OfAsync(first, cancellationToken);
        }

        /// <summary>A ticket that was picked has the code that is live now, which may be another one than at first.</summary>
        private static bool IsSame(TicketCode? first, TicketCode? again, bool isPicked) =>
            isPicked ? (first?.EventId, first?.Number) == (again?.EventId, again?.Number) : first == again;

        private async Task<(Scan Scan, IssuedTicket? Ticket)> DecideAsync(Command request, CancellationToken cancellationToken)
        {
            var now = clock.GetUtcNow();
            var scannedAt = request.ScannedAt is { } at && at < now ? at : now;
            var (code, refusal) = await ReadAsync(request, cancellationToken);
            var scan = new Scan(
                request.ScanId,
                code,
                request.Direction,
                refusal ?? CheckInOutcome.Admitted,
                scannedAt,
                now,
                request.By,
                request.Offline
            );
            if (code is not { } known || refusal is not null)
            {
                return (scan, null);
            }

            var show = (await events.FindAsync(known.EventId, cancellationToken))!;
            var ofNumber = await tickets.OfNumberAsync(known.EventId, known.Number);
            var passages = await door.PassagesAsync(known);
            var last = passages.Count > 0 ? passages[^1] : null;
            var turns = last?.Turn ?? 0;
            var outcome = CheckInRules.Decide(show, request.EventId, ofNumber, known.Generation, turns, request.Direction, scannedAt);
            var ticket = ofNumber.FirstOrDefault(issued => issued.Generation == known.Generation);
            var decided = scan with
            {
                Outcome = outcome,
                Turn = outcome is CheckInOutcome.Admitted or CheckInOutcome.Left ? turns + 1 : null,
                PreviousId = outcome == CheckInOutcome.AlreadyAdmitted ? last?.Id : null,
                OrderId = ticket?.OrderId,
                TierId = ticket?.TierId,
            };
            return (decided, ticket);
        }

        /// <summary>What the code says, or why it says nothing. A ticket that staff picked has the code that is live.</summary>
        private async Task<(TicketCode? Code, CheckInOutcome? Refusal)> ReadAsync(Command request, CancellationToken cancellationToken)
        {
            if (request.TicketId is { } ticketId)
            {
                var eventId = TaggedId.BaseOf(ticketId);
                var picked =
                    TaggedId.TryReadTag(ticketId, out var number) && await events.FindAsync(eventId, cancellationToken) is not null
                        ? await tickets.OfNumberAsync(eventId, number)
                        : [];
                return picked.Count == 0
                    ? (null, CheckInOutcome.UnknownCode)
                    : (new TicketCode(eventId, number, (IssueRules.Live(picked) ?? picked[^1]).Generation), null);
            }

            if (
                !CodeSignature.TryRead(request.Code!, out var code)
                || await events.FindAsync(code.EventId, cancellationToken) is not { PublicKey: not null } show
            )
            {
                return (null, CheckInOutcome.UnknownCode);
            }

            return keys.HasSigned(show, request.Code!) ? (code, null) : (null, CheckInOutcome.Forged);
        }
    }
}
