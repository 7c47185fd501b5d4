using System.ComponentModel.DataAnnotations;

namespace TicketBooth.Payments.Gateways.Sandbox;

/// <summary>Section <c>Payments:Sandbox</c>.</summary>
internal sealed class SandboxOptions
{
    private const string TaxNumber = "[0-9]{11}|[0-9A-Z]{12}[0-9]{2}";
    private const string Telephone = @"\+[1-9][0-9]{7,14}";
    private const string RandomKey = "[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}";
    private const string EMail = "(?=.{3,77}$)[a-z0-9.!#$%&'*+/=?^_`{|}~-]+@[a-z0-9-]+([.][a-z0-9-]+)*";

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
    [RegularExpression(
        $@"^({TaxNumber}|{Telephone}|{RandomKey}|{EMail})\z",
        ErrorMessage = "{0} must be a key of Pix: a CPF or CNPJ without dots, +55 and a telephone number, an e-mail address in small "
            + "letters, or a random key."
    )]
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
