using System.ComponentModel.DataAnnotations;

namespace TicketBooth.Notifications.Composing;

/// <summary>
/// Section <c>Notifications:Links</c>: pages of the house's own site that mails lead to. Without one, a mail has the code alone.
/// </summary>
internal sealed class LinkOptions : IValidatableObject
{
    /// <summary>With <c>{token}</c>.</summary>
    public string? ConfirmAddress { get; set; }

    /// <summary>With <c>{token}</c>.</summary>
    public string? ResetPassword { get; set; }

    /// <summary>With <c>{orderId}</c>.</summary>
    public string? Order { get; set; }

    /// <summary>Where the offer of a ticket is accepted or declined. With <c>{transferId}</c>.</summary>
    public string? Transfer { get; set; }

    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext) =>
        new[]
        {
            (Link: ConfirmAddress, Hole: "{token}", Name: nameof(ConfirmAddress)),
            (Link: ResetPassword, Hole: "{token}", Name: nameof(ResetPassword)),
            (Link: Order, Hole: "{orderId}", Name: nameof(Order)),
            (Link: Transfer, Hole: "{transferId}", Name: nameof(Transfer)),
        }
            .Where(each => !string.IsNullOrEmpty(each.Link) && !Leads(each.Link, each.Hole))
            .Select(each => new ValidationResult($"Needs an http address with {each.Hole} in it.", [each.Name]));

    private static bool Leads(string link, string hole) =>
        link.Contains(hole, StringComparison.Ordinal)
        && Uri.TryCreate(link.Replace(hole, "x", StringComparison.Ordinal), UriKind.Absolute, out var url)
        && (url.Scheme == Uri.UriSchemeHttp || url.Scheme == Uri.UriSchemeHttps);
}
