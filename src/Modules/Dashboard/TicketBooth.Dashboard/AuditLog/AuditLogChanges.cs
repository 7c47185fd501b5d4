using System.Text.Json.Nodes;

namespace TicketBooth.Dashboard.AuditLog;

/// <summary>The fields in which two states of a subject differ.</summary>
internal static class AuditLogChanges
{
    /// <summary>By their paths, in the order of the later state. A state that is null has no fields.</summary>
    public static IReadOnlyList<(string Field, string? Before, string? After)> Of(string? before, string? after)
    {
        var (old, now) = (Fields(before), Fields(after));
        return
        [
            .. now
                .Keys.Union(old.Keys, StringComparer.Ordinal)
                .Select(field => (field, old.GetValueOrDefault(field), now.GetValueOrDefault(field)))
                .Where(change => change.Item2 != change.Item3),
        ];
    }

    private static Dictionary<string, string> Fields(string? json)
    {
        var fields = new Dictionary<string, string>(StringComparer.Ordinal);
        if (json is not null)
        {
            Add(fields, "", JsonNode.Parse(json));
        }

        return fields;
    }

    private static void Add(Dictionary<string, string> fields, string path, JsonNode? node)
    {
        switch (node)
        {
            case JsonObject members:
                foreach (var (name, value) in members)
                {
                    Add(fields, path.Length == 0 ? name : path + "." + name, value);
                }

                break;
            case JsonArray items:
                for (var i = 0; i < items.Count; i++)
                {
                    Add(fields, FormattableString.Invariant($"{path}[{i + 1}]"), items[i]);
                }

                break;
            case not null:
                fields[path] = node.ToString();
                break;
        }
    }
}
