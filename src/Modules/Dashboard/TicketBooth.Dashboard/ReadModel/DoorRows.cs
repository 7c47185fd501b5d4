using System.Numerics;

namespace TicketBooth.Dashboard.ReadModel;

/// <summary>A passage through a door, merged from its messages.</summary>
internal sealed record PassageRow
{
    /// <summary>Of the scan.</summary>
    public required Guid Id { get; init; }

    public required Guid EventId { get; init; }

    public required Guid TicketId { get; init; }

    /// <summary>Of the ticket's code: a ticket that was issued anew passes under a higher one.</summary>
    public required int CodeGeneration { get; init; }

    /// <summary>Which passage of the code it is, from 1; in is every odd one.</summary>
    public required int Turn { get; init; }

    /// <summary>In, and not out.</summary>
    public required bool IsEntry { get; init; }

    public required DateTimeOffset ScannedAt { get; init; }

    /// <summary>Staff took it back: it does not count.</summary>
    public required bool IsUndone { get; init; }

    /// <summary>The number of the last rebuild that found it in the ledger.</summary>
    public long Generation { get; init; }
}

/// <summary>What happened at an event's doors: ever (at 0), or in five minutes.</summary>
internal sealed record DoorRow
{
    public required Guid EventId { get; init; }

    /// <summary>When the five minutes begin, in ticks of UTC; 0 for all of them together.</summary>
    public required long At { get; init; }

    public required DoorSums Sums { get; init; }
}

/// <summary>What happened at an event's doors.</summary>
internal sealed record DoorSums : IAdditionOperators<DoorSums, DoorSums, DoorSums>, ISubtractionOperators<DoorSums, DoorSums, DoorSums>
{
    public static DoorSums None { get; } = new();

    /// <summary>Passages in.</summary>
    public long Entries { get; init; }

    /// <summary>Passages out.</summary>
    public long Exits { get; init; }

    /// <summary>Tickets that were let in at least once. Told of all time only.</summary>
    public long Came { get; init; }

    /// <summary>Of these, the ones that are inside now.</summary>
    public long Inside { get; init; }

    public static DoorSums operator +(DoorSums left, DoorSums right) => Combine(left, right, 1);

    public static DoorSums operator -(DoorSums left, DoorSums right) => Combine(left, right, -1);

    private static DoorSums Combine(DoorSums left, DoorSums right, int sign) =>
        new()
        {
            Entries = left.Entries + (sign * right.Entries),
            Exits = left.Exits + (sign * right.Exits),
            Came = left.Came + (sign * right.Came),
            Inside = left.Inside + (sign * right.Inside),
        };
}
