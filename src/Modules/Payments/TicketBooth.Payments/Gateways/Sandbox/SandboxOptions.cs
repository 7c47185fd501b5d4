using System.ComponentModel.DataAnnotations;

namespace TicketBooth.Payments.Gateways.Sandbox;

/// <summary>Section <c>Payments:Sandbox</c>.</summary>
internal sealed class SandboxOptions
{
    /// <summary>Where the sandbox sends its webhooks; not set: to this server.</summary>
    public Uri? WebhookUrl { get; set; }

    /// <summary>How long after the end of the hold <c>tok_late</c> confirms.</summary>
    [Range(0, 86_400)]
    public double LateSeconds { get; set; } = 2;

    /// <summary>How long a Pix payer takes.</summary>
    [Range(0, 86_400)]
    public double PixSeconds { get; set; } = 2;

    /// <summary>
    /// Whom the codes by Pix pay. By default an address that nobody can register, so that nobody's app finds an account behind it. Money
    /// that somebody sends to a real key is real, and the sandbox does not notice it.
    /// </summary>
    [RegularExpression(PixKeys.Pattern, ErrorMessage = "{0} " + PixKeys.Hint)]
    [Required]
    public string PixKey { get; set; } = "pix@ticketbooth.example";

    /// <summary>The payee's name in these codes.</summary>
    [RegularExpression(
        @"^[!-~]([ -~]{0,23}[!-~])?\z",
        ErrorMessage = "{0} must be 1 to 25 letters, digits and signs of ASCII, without accents."
    )]
    [Required]
    public string PixName { get; set; } = "TICKETBOOTH SANDBOX";

    /// <summary>The payee's city in these codes.</summary>
    [RegularExpression(
        @"^[!-~]([ -~]{0,13}[!-~])?\z",
        ErrorMessage = "{0} must be 1 to 15 letters, digits and signs of ASCII, without accents."
    )]
    [Required]
    public string PixCity { get; set; } = "SAO PAULO";
}
