using System.Globalization;
using MediatR;
using Microsoft.Extensions.Localization;
using TicketBooth.Booking.Contracts;
using TicketBooth.BuildingBlocks.Web;
using TicketBooth.Dashboard.Pages.Counter;
using TicketBooth.Dashboard.ReadModel;
using TicketBooth.Dashboard.Shell;

namespace TicketBooth.Dashboard.Downloads;

/// <summary>The shifts of a day as CSV, in the language and the format of the reader. Clerks get their own.</summary>
internal static class CounterDayCsv
{
    internal static void Map(IEndpointRouteBuilder routes) =>
        routes.MapGet(PageArea.Path + "/counter/day.csv", WriteAsync).RequireAuthorization(Policies.Staff).ExcludeFromDescription();

    private static async Task<IResult> WriteAsync(
        HttpContext context,
        IMediator mediator,
        IStringLocalizer<Words> words,
        DashboardZone zone,
        string? day,
        CancellationToken cancellationToken
    )
    {
        if (!Days.TryParse(day, out var wanted) || wanted is not { } known || !DayRules.Knows(wanted))
        {
            return TypedResults.UnprocessableEntity();
        }

        var user = context.User;
        var close = await DayClose.OfAsync(mediator, zone, known, user.IsInRole(Roles.Admin) ? null : user.Id(), cancellationToken);
        var csv = new Csv(CultureInfo.CurrentCulture, zone.Zone);
        string[] columns =
        [
            "Sold by",
            "Currency",
            "Sales",
            "Voids",
            "Complimentary",
            "Float",
            "Cash sales",
            "Cash paid back",
            "Card sales",
            "Card reversals",
            "Pay-ins",
            "Cash drops",
            "Expected",
            "Counted",
            "Difference",
            "Note",
        ];
        string[] times = ["Opened", "Closed"];
        await csv.WriteAsync(
            context,
            FormattableString.Invariant($"counter-{known:yyyy-MM-dd}.csv"),
            [
                .. columns.Select(column => words[column].Value),
                .. times.Select(time => $"{words[time].Value} ({zone.Zone.Id})"),
                words["Shift id"],
            ],
            close.Shifts.Select(shift => RowOf(shift, csv)).ToAsyncEnumerable(),
            cancellationToken
        );
        return TypedResults.Empty;
    }

    private static string[] RowOf(ShiftView shift, Csv csv) =>
        [
            Csv.Text(shift.Clerk),
            shift.Currency,
            Csv.Number(shift.Sums.Sales),
            Csv.Number(shift.Sums.Voids),
            Csv.Number(shift.Sums.Complimentary),
            csv.Money(shift.Float, shift.Currency),
            csv.Money(shift.Sums.CashSales, shift.Currency),
            csv.Money(shift.Sums.CashBack, shift.Currency),
            csv.Money(shift.Sums.CardSales, shift.Currency),
            csv.Money(shift.Sums.CardBack, shift.Currency),
            csv.Money(shift.Sums.PayIns, shift.Currency),
            csv.Money(shift.Sums.Drops, shift.Currency),
            csv.Money(shift.Expected, shift.Currency),
            shift.Counted is { } counted ? csv.Money(counted, shift.Currency) : "",
            shift.Difference is { } difference ? csv.Money(difference, shift.Currency) : "",
            Csv.Text(shift.Note),
            csv.Time(shift.OpenedAt),
            csv.Time(shift.ClosedAt),
            shift.Id.ToString(),
        ];
}
