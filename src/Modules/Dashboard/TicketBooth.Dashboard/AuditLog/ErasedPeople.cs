using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace TicketBooth.Dashboard.AuditLog;

/// <summary>Takes an erased person out of the JSON of a line. Who did what to which account, and when, stays.</summary>
internal static class ErasedPeople
{
    /// <summary>What stands where a name or an address was.</summary>
    public const string Mark = "erased";

    // The member of staff who acted, as each request names them.
    private const string By = "by";

    /// <param name="json">A request, or the state of a subject; null for none.</param>
    /// <param name="email">The person's.</param>
    /// <param name="isAboutThem">Whatever name and address stand in it are theirs, also former ones.</param>
    public static string? Remove(string? json, string email, bool isAboutThem)
    {
        if (json is null || JsonNode.Parse(json) is not { } root)
        {
            return json;
        }

        Clean(root, email, isAboutThem);
        return AuditLogJson.Of(root);
    }

    private static void Clean(JsonNode node, string email, bool isAboutThem)
    {
        if (node is JsonArray list)
        {
            foreach (var item in list.OfType<JsonNode>().ToList())
            {
                Clean(item, email, isAboutThem);
            }
        }
        else if (node is JsonObject fields)
        {
            var isTheirs = TextOf(fields["email"]) is { } address && (isAboutThem || Is(address, email));
            foreach (var (name, value) in fields.ToList())
            {
                if (isTheirs && (name is "email" or "name" or "buyerName"))
                {
                    fields[name] = Mark;
                }
                else if (TextOf(value) is { } text)
                {
                    fields[name] = Without(text, email);
                }
                else if (value is not null && name != By)
                {
                    Clean(value, email, isAboutThem);
                }
            }
        }
    }

    // Whole addresses only: who has na@example.com does not take a piece out of ana@example.com, nor out of na@example.com.br.
    private static string Without(string text, string email) =>
        Regex.Replace(
            text,
            $@"(?<![\w.%+-]){Regex.Escape(email)}(?![\w-]|\.\w)",
            Mark,
            RegexOptions.IgnoreCase | RegexOptions.CultureInvariant,
            TimeSpan.FromSeconds(10)
        );

    private static bool Is(string address, string email) => string.Equals(address, email, StringComparison.OrdinalIgnoreCase);

    private static string? TextOf(JsonNode? node) => node?.GetValueKind() == JsonValueKind.String ? (string?)node : null;
}
