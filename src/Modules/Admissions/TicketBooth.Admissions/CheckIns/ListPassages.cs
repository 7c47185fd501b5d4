using FluentValidation;
using MediatR;
using TicketBooth.Admissions.Contracts;
using TicketBooth.Admissions.Domain;
using TicketBooth.Admissions.Storage;
using TicketBooth.BuildingBlocks.Kernel;

namespace TicketBooth.Admissions.CheckIns;

/// <summary>Tells another module of the passages through the doors.</summary>
internal static class ListPassages
{
    private const int Most = 1_000;

    internal sealed class Validator : AbstractValidator<ListPassageFacts>
    {
        public Validator() => RuleFor(asked => asked.Limit).InclusiveBetween(1, Most);
    }

    internal sealed class Handler(IDoorStore door) : IRequestHandler<ListPassageFacts, Result<IReadOnlyList<PassageFacts>>>
    {
        public async Task<Result<IReadOnlyList<PassageFacts>>> Handle(ListPassageFacts request, CancellationToken cancellationToken) =>
            Result<IReadOnlyList<PassageFacts>>.From([
                .. (await door.ListPassagesAsync(request.After, request.Limit)).Select(scan => FactsOf(scan, scan.Code!.Value)),
            ]);

        private static PassageFacts FactsOf(Scan scan, TicketCode code) =>
            new(
                scan.Id,
                code.EventId,
                TaggedId.Of(code.EventId, (ushort)code.Number),
                code.Generation,
                scan.Turn ?? 0,
                scan.Outcome == CheckInOutcome.Admitted,
                scan.ScannedAt,
                scan.UndoneAt is not null
            );
    }
}
