using Microsoft.Extensions.Primitives;

namespace TicketBooth.Accounts.Staff;

/// <summary>The <c>ETag</c> of an account's roles, which are few enough to stand in it themselves.</summary>
internal static class RolesTag
{
    private const char Separator = '.';

    public static string Of(IReadOnlyList<string> roles) => $"\"{string.Join(Separator, roles)}\"";

    /// <summary>The roles in an <c>If-Match</c> header; null when it asks for none. A tag that is not ours has no roles.</summary>
    public static IReadOnlyList<string>? Read(StringValues ifMatch)
    {
        if (StringValues.IsNullOrEmpty(ifMatch) || ifMatch == "*")
        {
            return null;
        }

        var tag = ifMatch.ToString().Trim();

        // Weak where the answer was compressed: the roles are the same.
        tag = tag.StartsWith("W/", StringComparison.Ordinal) ? tag[2..] : tag;
        return tag is ['"', .. var roles, '"'] ? roles.Split(Separator, StringSplitOptions.RemoveEmptyEntries) : [tag];
    }
}
