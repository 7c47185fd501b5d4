using Microsoft.EntityFrameworkCore;
using TicketBooth.Dashboard.ReadModel;

namespace TicketBooth.Dashboard.Figures;

/// <summary>How full a house is, and who is still to come.</summary>
/// <param name="Inside">Tickets whose bearers are inside now.</param>
/// <param name="Left">Tickets whose bearers were inside and have left.</param>
/// <param name="ToCome">Tickets that are sold and were never inside.</param>
/// <param name="Steps">The last 288 times of five minutes in which somebody passed, ascending.</param>
internal sealed record Admitted(long Inside, long Left, long ToCome, IReadOnlyList<Admitted.Step> Steps)
{
    // A day, if somebody passes all the time.
    private const int MostSteps = 24 * 60 / DoorChanges.StepMinutes;

    /// <param name="At">When the five minutes begin.</param>
    /// <param name="In">Passages in.</param>
    /// <param name="Out">Passages out.</param>
    internal sealed record Step(DateTimeOffset At, long In, long Out);

    /// <param name="doors">Of the read model.</param>
    /// <param name="eventId">Whose doors.</param>
    /// <param name="sold">Tickets that are paid.</param>
    /// <param name="cancellationToken">Of the question.</param>
    public static async Task<Admitted> OfAsync(IQueryable<DoorRow> doors, Guid eventId, long sold, CancellationToken cancellationToken)
    {
        // All of them together are at 0, before any time.
        var rows = await doors
            .Where(door => door.EventId == eventId && (door.At == 0 || door.Sums.Entries != 0 || door.Sums.Exits != 0))
            .OrderByDescending(door => door.At)
            .Take(MostSteps)
            .ToListAsync(cancellationToken);
        var all =
            rows is [.., { At: 0 } last] ? last
            : rows.Count == 0 ? null
            : await doors.SingleAsync(door => door.EventId == eventId && door.At == 0, cancellationToken);
        var sums = all?.Sums ?? DoorSums.None;
        return new Admitted(
            sums.Inside,
            sums.Came - sums.Inside,
            Math.Max(0, sold - sums.Came),
            [
                .. rows.Where(row => row.At != 0)
                    .Reverse()
                    .Select(row => new Step(new DateTimeOffset(row.At, TimeSpan.Zero), row.Sums.Entries, row.Sums.Exits)),
            ]
        );
    }
}
