using System.Text;
using TicketBooth.BuildingBlocks.Kernel;

namespace TicketBooth.Accounts.Domain;

/// <summary>The form of passwords, and which ones are refused.</summary>
internal static class PasswordRules
{
    public const int Shortest = 8;

    public const int Longest = 128;

    /// <summary>For the OpenAPI document: no limit of a schema says it, because the normal form is counted.</summary>
    public const string InWords =
        "8 to 128 characters in Unicode's form KC, not only blanks, not the name or the e-mail address, and none of the commonest.";

    /// <summary>
    /// The one form of what was typed. Keyboards send the same letter in several: <c>ã</c> is one character on one and two on another.
    /// </summary>
    public static string Normalize(string password)
    {
        ArgumentNullException.ThrowIfNull(password);
        return TextRules.IsAssigned(password) ? password.Normalize(NormalizationForm.FormKC) : password;
    }

    /// <summary>
    /// What the hash of an account may have been made of: <see cref="Normalize"/> first. Former releases hashed what the keyboard had sent.
    /// </summary>
    public static IEnumerable<string> FormsOf(string password) =>
        TextRules.IsAssigned(password)
            ? new[] { Normalize(password), password, password.Normalize(), password.Normalize(NormalizationForm.FormD) }.Distinct(
                StringComparer.Ordinal
            )
            : [password];

    /// <summary>Why a new password is refused; null when it is good.</summary>
    /// <param name="password">As it was typed.</param>
    /// <param name="email">Of the account.</param>
    /// <param name="name">Of the account.</param>
    public static string? FindObjection(string password, string email, string name)
    {
        ArgumentNullException.ThrowIfNull(password);
        ArgumentNullException.ThrowIfNull(email);
        ArgumentNullException.ThrowIfNull(name);
        if (!TextRules.IsAssigned(password))
        {
            return "No characters that do not exist.";
        }

        var normal = Normalize(password);
        return normal.Length is < Shortest or > Longest || password.Length > Longest ? "8 to 128 characters."
            : string.IsNullOrWhiteSpace(normal) ? "Not only blanks."
            : IsOwn(normal, email, name) ? "Not the name or the e-mail address."
            : CommonPasswords.Contains(normal) ? "Too common: everybody tries it first."
            : null;
    }

    private static bool IsOwn(string password, string email, string name)
    {
        var own = new[] { email.Trim(), email.Trim().Split('@')[0], TextRules.IsAssigned(name) ? Normalize(name) : name };
        return own.Any(each => string.Equals(Bare(each), Bare(password), StringComparison.OrdinalIgnoreCase));
    }

    private static string Bare(string text) => string.Concat(text.Where(character => !char.IsWhiteSpace(character)));
}
