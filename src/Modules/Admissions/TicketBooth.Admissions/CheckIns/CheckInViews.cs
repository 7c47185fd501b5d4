using System.Text.Json.Serialization;
using TicketBooth.Admissions.Domain;
using TicketBooth.BuildingBlocks.Web;

namespace TicketBooth.Admissions.CheckIns;

/// <summary>What the door is told.</summary>
/// <param name="ScanId">As it was sent.</param>
/// <param name="Ticket">The ticket, as far as it is known.</param>
/// <param name="Previous">For <c>already_admitted</c>: when and by whom it was let in.</param>
internal sealed record CheckInAnswer(CheckInOutcome Outcome, Guid ScanId, Direction Direction, DoorTicket? Ticket, PreviousScan? Previous);

/// <summary>A ticket as the door sees it.</summary>
/// <param name="OrderNumber">By which people call the order.</param>
internal sealed record DoorTicket(
    Guid TicketId,
    Guid EventId,
    int Number,
    Guid TierId,
    string Tier,
    string? HolderName,
    Guid OrderId,
    string OrderNumber
);

/// <param name="By">The name of whoever scanned it.</param>
internal sealed record PreviousScan(Guid ScanId, Direction Direction, DateTimeOffset At, string By);

/// <summary>How it is written, by the rules of all JSON of this API.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    Converters = new[] { typeof(UtcTimeConverter), typeof(SnakeCase<CheckInOutcome>), typeof(SnakeCase<Direction>) }
)]
[JsonSerializable(typeof(CheckInAnswer))]
[JsonSerializable(typeof(DoorView))]
internal sealed partial class CheckInJson : JsonSerializerContext;

/// <summary>All that a scanner needs to decide by itself.</summary>
/// <param name="PublicKey">SubjectPublicKeyInfo in Base64: verifies the codes of this event (ECDSA P-256 with SHA-256).</param>
/// <param name="Revocations">Codes that open the door no more.</param>
/// <param name="InTransfer">The numbers of the tickets that are offered to somebody; until they answer, the code is revoked.</param>
/// <param name="Inside">The numbers of the tickets that are inside.</param>
/// <param name="Left">The numbers of those that have left.</param>
/// <param name="Conflicts">What scanners have let in offline and should not have, the newest first.</param>
internal sealed record DoorView(
    Guid EventId,
    string Name,
    string Venue,
    DateTimeOffset StartsAt,
    DateTimeOffset OpensAt,
    DateTimeOffset ClosesAt,
    bool ReEntry,
    bool IsCanceled,
    string PublicKey,
    IReadOnlyList<Revocation> Revocations,
    IReadOnlyList<int> InTransfer,
    IReadOnlyList<int> Inside,
    IReadOnlyList<int> Left,
    DoorCounts Counts,
    IReadOnlyList<DoorConflict> Conflicts
);

/// <summary>Of this ticket number every code with a generation below this one is void.</summary>
internal sealed record Revocation(int Number, int Below);

/// <param name="Tickets">That are paid.</param>
/// <param name="ToCome">That were never inside.</param>
internal sealed record DoorCounts(int Tickets, int Inside, int Left, int ToCome);

/// <summary>A scanner let somebody in while it was offline, and should not have.</summary>
/// <param name="Outcome">What it would have been told.</param>
/// <param name="By">The name of whoever scanned it.</param>
internal sealed record DoorConflict(
    Guid ScanId,
    int Number,
    CheckInOutcome Outcome,
    DateTimeOffset ScannedAt,
    string By,
    PreviousScan? Previous
);
