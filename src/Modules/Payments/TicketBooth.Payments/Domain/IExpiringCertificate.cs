namespace TicketBooth.Payments.Domain;

/// <summary>A certificate of the settings, which ends some day and must be replaced before.</summary>
internal interface IExpiringCertificate
{
    /// <summary>For how long before its end people are told.</summary>
    static readonly TimeSpan Notice = TimeSpan.FromDays(30);

    /// <summary>Where it is set, for example <c>Payments:Pix:Certificate</c>.</summary>
    string Setting { get; }

    DateTimeOffset ExpiresAt { get; }

    /// <summary>Whether it is time to replace it.</summary>
    bool EndsSoon(DateTimeOffset now) => ExpiresAt - now <= Notice;
}
