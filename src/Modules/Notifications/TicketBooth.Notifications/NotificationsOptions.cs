using System.ComponentModel.DataAnnotations;

namespace TicketBooth.Notifications;

/// <summary>Section <c>Notifications</c>.</summary>
internal sealed class NotificationsOptions : IValidatableObject
{
    /// <summary>Where mails are written as files while no mail server is set; null is the folder <c>mails</c> of the storage.</summary>
    public string? Folder { get; set; }

    /// <summary>How many mails are sent in a minute at most: what the provider of the mail server allows.</summary>
    [Range(1, 12_000)]
    public int PerMinute { get; set; } = 600;

    /// <summary>How many days mails that were sent or given up are kept, and what is known of orders that have ended.</summary>
    [Range(1, 3650)]
    public int KeepDays { get; set; } = 30;

    /// <summary>How long before the end of a hold its buyer is reminded; 0 is never.</summary>
    [Range(0, 60)]
    public int ReminderMinutes { get; set; } = 3;

    /// <summary>IANA time zone of the times in mails.</summary>
    public string TimeZone { get; set; } = "America/Sao_Paulo";

    /// <summary>Of mails to people who said none: <c>pt-BR</c> or <c>en</c>.</summary>
    [AllowedValues("pt-BR", "en", ErrorMessage = "One of pt-BR, en.")]
    public string Language { get; set; } = "pt-BR";

    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        if (!TimeZoneInfo.TryFindSystemTimeZoneById(TimeZone, out _))
        {
            yield return new ValidationResult($"There is no time zone {TimeZone}.", [nameof(TimeZone)]);
        }
    }
}
