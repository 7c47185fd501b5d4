using TicketBooth.Booking.Contracts;
using TicketBooth.BuildingBlocks.Kernel;
using TicketBooth.Events.Contracts;

namespace TicketBooth.Booking.Domain;

/// <summary>Which tickets a block takes. Pure; whether they are free is the store's decision.</summary>
internal static class BlockRules
{
    /// <param name="eventId">Whose tickets.</param>
    /// <param name="wanted">These numbers, all of them; ignored when a tier is given.</param>
    /// <param name="tier">So many of these tickets, neighbours where there are any.</param>
    /// <param name="quantity">How many of the tier.</param>
    /// <param name="map">What is believed to be taken.</param>
    public static Result<int[]> Choose(
        Guid eventId,
        IReadOnlyList<NumberRange> wanted,
        IReadOnlyList<TicketRange>? tier,
        int quantity,
        TicketMap map
    )
    {
        if (tier is not null)
        {
            return map.Best(tier, quantity) is { } best ? best : BookingErrors.FewerTickets(map.CountFree(tier));
        }

        var numbers = TicketNumbers.NumbersOf(wanted).ToArray();
        var taken = Array.FindAll(numbers, map.IsTaken);
        return taken.Length == 0
            ? numbers
            : BookingErrors.TicketsUnavailable(
                TicketNumbers.TextOf(TicketNumbers.RangesOf(taken)),
                Array.ConvertAll(taken, number => TaggedId.Of(eventId, (ushort)number))
            );
    }
}
