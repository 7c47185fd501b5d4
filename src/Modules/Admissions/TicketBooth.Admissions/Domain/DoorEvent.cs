using TicketBooth.Admissions.Contracts;

namespace TicketBooth.Admissions.Domain;

/// <summary>An event as its door knows it.</summary>
/// <param name="Version">The event's own; facts with a higher one are newer.</param>
internal sealed record DoorEvent(
    Guid Id,
    long Version,
    string Name,
    string Venue,
    DateTimeOffset StartsAt,
    string Currency,
    bool IsCanceled,
    IReadOnlyList<DoorTier> Tiers
)
{
    /// <summary>Null until staff change them.</summary>
    public DoorRules? Rules { get; init; }

    /// <summary>SubjectPublicKeyInfo of the key that signs its codes; null until the first one is asked for.</summary>
    public byte[]? PublicKey { get; init; }

    /// <summary>PKCS #8, protected.</summary>
    public byte[]? PrivateKey { get; init; }

    public DoorRules RulesNow => Rules ?? new DoorRules();

    public DateTimeOffset OpensAt => StartsAt.AddMinutes(-RulesNow.OpensMinutesBefore);

    public DateTimeOffset ClosesAt => StartsAt.AddMinutes(RulesNow.ClosesMinutesAfter);

    public string TierName(Guid tierId) => Tiers.FirstOrDefault(tier => tier.Id == tierId)?.Name ?? "";

    public DoorTimes ToTimes() => new(Id, RulesNow, OpensAt, ClosesAt);
}

internal sealed record DoorTier(Guid Id, string Name);
