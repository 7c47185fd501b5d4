using TicketBooth.Admissions.Contracts;

namespace TicketBooth.Dashboard.ReadModel.Writing;

/// <summary>What a message or the ledger says about a passage through a door.</summary>
/// <param name="IsUndone">It was taken back; of the messages about a passage this one is the last.</param>
/// <param name="IsLedger">Read from the ledger while no message could be applied: it replaces the row.</param>
internal sealed record PassageUpdate(
    Guid ScanId,
    Guid EventId,
    Guid TicketId,
    int CodeGeneration,
    int Turn,
    bool IsEntry,
    DateTimeOffset ScannedAt,
    bool IsUndone,
    bool IsLedger = false
) : ReadModelUpdate
{
    public static PassageUpdate Of(PassageFacts facts) =>
        new(
            facts.ScanId,
            facts.EventId,
            facts.TicketId,
            facts.Generation,
            facts.Turn,
            facts.IsEntry,
            facts.ScannedAt,
            facts.IsUndone,
            IsLedger: true
        );

    /// <summary>The passage's row after this update; the same object when nothing changes.</summary>
    public PassageRow Merge(PassageRow? known, long generation)
    {
        if (known is not null && !IsLedger)
        {
            return IsUndone && !known.IsUndone ? known with { IsUndone = true, Generation = generation } : known;
        }

        return new PassageRow
        {
            Id = ScanId,
            EventId = EventId,
            TicketId = TicketId,
            CodeGeneration = CodeGeneration,
            Turn = Turn,
            IsEntry = IsEntry,
            ScannedAt = ScannedAt,
            IsUndone = IsUndone,
            Generation = generation,
        };
    }
}
