using MediatR;
using TicketBooth.Booking.Contracts;
using TicketBooth.BuildingBlocks.Kernel;
using TicketBooth.Dashboard.ReadModel;

namespace TicketBooth.Dashboard.Pages.Counter;

/// <summary>
/// The shifts that were opened on a day, and what they make together. A shift that goes on after midnight is of its first day.
/// </summary>
internal sealed record DayClose(DateOnly Day, IReadOnlyList<ShiftView> Shifts)
{
    /// <summary>What the house has, a line for each currency.</summary>
    public IReadOnlyList<Sum> House => SumsOf(Shifts);

    /// <summary>What each clerk has, a line for each currency.</summary>
    public IReadOnlyList<(string Clerk, Sum Sum)> Clerks =>
        [
            .. Shifts
                .GroupBy(shift => shift.ClerkId)
                .OrderBy(own => own.First().Clerk, StringComparer.CurrentCulture)
                .SelectMany(own => SumsOf(own).Select(sum => (own.First().Clerk, sum))),
        ];

    public static async Task<DayClose> OfAsync(
        IMediator mediator,
        DashboardZone zone,
        DateOnly day,
        Guid? clerkId,
        CancellationToken cancellationToken
    )
    {
        var shifts = new List<ShiftView>();
        string? cursor = null;
        do
        {
            var page = await mediator.Send(
                new ListShifts(clerkId, zone.StartOf(day), zone.StartOf(day.AddDays(1)), Open: null, cursor, Cursor.LargestLimit),
                cancellationToken
            );
            shifts.AddRange(page.Value.Items);
            cursor = page.Value.NextCursor;
        } while (cursor is not null);

        shifts.Reverse();
        return new DayClose(day, shifts);
    }

    private static IReadOnlyList<Sum> SumsOf(IEnumerable<ShiftView> shifts) =>
        [
            .. shifts
                .GroupBy(shift => shift.Currency, StringComparer.Ordinal)
                .OrderBy(same => same.Key, StringComparer.Ordinal)
                .Select(same => new Sum(
                    same.Key,
                    same.Sum(shift => shift.Sums.Sales - shift.Sums.Voids),
                    same.Sum(shift => shift.Sums.Complimentary),
                    same.Sum(shift => shift.Sums.CashSales - shift.Sums.CashBack),
                    same.Sum(shift => shift.Sums.CardSales - shift.Sums.CardBack),
                    same.Sum(shift => shift.Difference ?? 0),
                    same.Count(shift => shift.ClosedAt is null)
                )),
        ];

    /// <param name="Sales">Less those that were voided.</param>
    /// <param name="Cash">Of sales, less what was paid back.</param>
    /// <param name="Card">As cash.</param>
    /// <param name="Difference">Of the shifts that are closed.</param>
    /// <param name="Open">Shifts that are not closed yet.</param>
    internal sealed record Sum(string Currency, int Sales, int Complimentary, long Cash, long Card, long Difference, int Open);
}
