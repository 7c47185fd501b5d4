using System.ComponentModel.DataAnnotations;

namespace TicketBooth.Host.Web;

/// <summary>Section <c>Web</c>: who may call, and what is shown to everybody.</summary>
internal sealed class WebOptions : IValidatableObject
{
    /// <summary>Origins of web shops, separated by commas; <c>*</c> for any, none when left out.</summary>
    public string? AllowedOrigins { get; set; }

    /// <summary>Whether the OpenAPI document and the reference page are served; when left out, everywhere but in Production.</summary>
    public bool? ApiReference { get; set; }

    public IEnumerable<string> Origins() =>
        (AllowedOrigins ?? "")
            .Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries)
            .Select(origin => origin.TrimEnd('/'));

    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext) =>
        Origins()
            .Where(origin => origin != "*" && !IsOrigin(origin))
            .Select(wrong => new ValidationResult(
                $"{wrong} is no origin; an origin is https://shop.example, without a path, or * for any.",
                [nameof(AllowedOrigins)]
            ));

    private static bool IsOrigin(string text) =>
        Uri.TryCreate(text, UriKind.Absolute, out var uri)
        && uri.Scheme is "http" or "https"
        && uri.UserInfo.Length == 0
        && uri.GetLeftPart(UriPartial.Authority).Equals(text, StringComparison.OrdinalIgnoreCase);
}
