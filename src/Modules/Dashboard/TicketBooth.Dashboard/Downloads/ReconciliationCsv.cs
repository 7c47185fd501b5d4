using System.Globalization;
using MediatR;
using Microsoft.Extensions.Localization;
using TicketBooth.BuildingBlocks.Kernel;
using TicketBooth.BuildingBlocks.Web;
using TicketBooth.Dashboard.Pages.MoneyCases;
using TicketBooth.Dashboard.ReadModel;
using TicketBooth.Dashboard.Shell;
using TicketBooth.Payments.Contracts;

namespace TicketBooth.Dashboard.Downloads;

/// <summary>The differences between the gateways and us as CSV, in the language and the format of the reader.</summary>
internal static class ReconciliationCsv
{
    internal static void Map(IEndpointRouteBuilder routes) =>
        routes
            .MapGet(PageArea.Path + "/money/comparisons/{id:guid}.csv", WriteAsync)
            .RequireAuthorization(Policies.Staff)
            .ExcludeFromDescription();

    private static async Task<IResult> WriteAsync(
        Guid id,
        HttpContext context,
        IMediator mediator,
        IStringLocalizer<Words> words,
        DashboardZone zone,
        CancellationToken cancellationToken
    )
    {
        var found = await mediator.Send(new FindReconciliation(id), cancellationToken);
        if (found.Error is not null)
        {
            return TypedResults.NotFound();
        }

        var csv = new Csv(CultureInfo.CurrentCulture, zone.Zone);
        string[] columns =
        [
            "Gateway",
            "How they differ",
            "What",
            "Id at the gateway",
            "The gateway's amount",
            "The gateway's currency",
            "Our amount",
            "Our currency",
            "Note",
            "Order",
        ];
        await csv.WriteAsync(
            context,
            FormattableString.Invariant($"differences-{found.Value.Summary.StartedAt:yyyy-MM-dd}.csv"),
            [.. columns.Select(column => words[column].Value), $"{words["When"].Value} ({zone.Zone.Id})", words["Payment id"]],
            found.Value.Lines.Select(line => RowOf(line, csv, words)).ToAsyncEnumerable(),
            cancellationToken
        );
        return TypedResults.Empty;
    }

    private static string[] RowOf(ReconciliationDifference line, Csv csv, IStringLocalizer<Words> words) =>
        [
            line.Gateway,
            words[MoneyTexts.TextOf(line.Kind)],
            words[MoneyTexts.TextOf(line.Movement)],
            Csv.Text(line.Id),
            AmountOf(line.Theirs, csv),
            line.Theirs?.Currency ?? "",
            AmountOf(line.Ours, csv),
            line.Ours?.Currency ?? "",
            MoneyTexts.TextOf(line.Note) is { } note ? words[note] : "",
            line.OrderId is { } orderId ? SpokenId.Of(orderId) : "",
            csv.Time(line.At),
            line.PaymentId?.ToString() ?? "",
        ];

    private static string AmountOf(ReconciledAmount? amount, Csv csv) => amount is { } known ? csv.Money(known.Amount, known.Currency) : "";
}
