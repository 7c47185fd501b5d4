using TicketBooth.Admissions.Contracts;
using TicketBooth.Admissions.Domain;
using TicketBooth.BuildingBlocks.Kernel;
using TicketBooth.BuildingBlocks.Messaging.Outbox;

namespace TicketBooth.Admissions.Storage;

/// <summary>Events as their doors know them, and what happened there.</summary>
internal interface IDoorStore
{
    /// <summary>The messages about passages.</summary>
    IOutbox Outbox { get; }

    Task<DoorEvent?> FindEventAsync(Guid eventId);

    /// <summary>Stores what the event's module says; older facts than are known change nothing. Rules and keys stay.</summary>
    Task SaveFactsAsync(DoorEvent facts);

    /// <summary>False when there is no such event.</summary>
    Task<bool> SaveRulesAsync(Guid eventId, DoorRules rules);

    /// <summary>Gives an event its key. Of several hosts that do so at once one succeeds; read the event again to see which.</summary>
    Task AddKeyAsync(Guid eventId, byte[] publicKey, byte[] privateKey);

    Task<Scan?> FindScanAsync(Guid scanId);

    /// <summary>The passages of a code that count, in their order.</summary>
    Task<IReadOnlyList<Scan>> PassagesAsync(TicketCode code);

    /// <summary>Records a scan with its message. A unique index decides which of two scans has a turn.</summary>
    Task<ScanWrite> AddScanAsync(Scan scan);

    /// <summary>Marks a scan that was refused as let in: its scanner had not heard the answer, and decided by itself.</summary>
    Task MarkOfflineAsync(Guid scanId);

    /// <summary>Takes back a passage, if it still counts and is the ticket's last one; false when it does not.</summary>
    Task<bool> UndoAsync(Scan passage, Actor by, DateTimeOffset at);

    /// <summary>The last passage of every code of an event that has any, by number and generation.</summary>
    Task<IReadOnlyList<LastPassage>> LastPassagesAsync(Guid eventId);

    /// <summary>Passages of all events by the ids of their scans, those that were taken back too.</summary>
    Task<IReadOnlyList<Scan>> ListPassagesAsync(Guid? after, int limit);

    /// <summary>The scans of an event whose scanner let in offline what it should not have, the newest first.</summary>
    Task<IReadOnlyList<Scan>> ConflictsAsync(Guid eventId, int limit);
}

internal enum ScanWrite
{
    Added,

    /// <summary>A scan with this id is stored already.</summary>
    Repeated,

    /// <summary>Another scan has the turn: read the passages again.</summary>
    TurnTaken,
}

internal readonly record struct LastPassage(int Number, int Generation, int Turn);
