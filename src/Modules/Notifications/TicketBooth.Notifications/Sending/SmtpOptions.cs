using System.ComponentModel.DataAnnotations;

namespace TicketBooth.Notifications.Sending;

/// <summary>How the connection to the mail server is kept secret.</summary>
internal enum SmtpSecurity
{
    /// <summary>TLS at port 465; elsewhere STARTTLS where the server offers it.</summary>
    Auto,

    /// <summary>Not at all: for a server on this machine.</summary>
    None,
    StartTls,
    Tls,
}

/// <summary>Section <c>Notifications:Smtp</c>. Without a host mails are written as files.</summary>
internal sealed class SmtpOptions : IValidatableObject
{
    public string? Host { get; set; }

    [Range(1, 65_535)]
    public int Port { get; set; } = 587;

    public string? User { get; set; }

    public string? Password { get; set; }

    public SmtpSecurity Security { get; set; }

    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        if (string.IsNullOrEmpty(User) != string.IsNullOrEmpty(Password))
        {
            yield return new ValidationResult("User and Password go together.", [nameof(Password)]);
        }
    }
}
