using System.Text;
using System.Text.Json.Nodes;

namespace TicketBooth.Host.Tests.Fuzzing;

/// <summary>Turns a valid JSON body into one that is wrong in a place or two, so that the right rest of it leads deep into the system.</summary>
internal static class BodyMutations
{
    public static byte[] Mutated(JsonNode valid, Random random)
    {
        var body = valid.DeepClone();
        var inserted = new List<string>();
        for (var i = random.Next(1, 3); i > 0; i--)
        {
            body = Change(body, random, inserted);
        }

        var text = body.ToJsonString();
        for (var i = 0; i < inserted.Count; i++)
        {
            text = text.Replace($"\"{Place(i)}\"", inserted[i], StringComparison.Ordinal);
        }

        var bytes = Encoding.UTF8.GetBytes(text);
        return random.Happens(0.1) ? Damaged(bytes, random) : bytes;
    }

    /// <summary>Where a text goes that the writer of JSON would not write.</summary>
    private static string Place(int number) => FormattableString.Invariant($"@@{number}@@");

    private static JsonNode Change(JsonNode body, Random random, List<string> inserted)
    {
        var nodes = All(body).ToList();
        var node = random.From(nodes);
        switch (random.Next(5))
        {
            case 0 when node is JsonObject fields && fields.Count > 0:
                fields.Remove(random.From(fields.Select(field => field.Key).ToList()));
                return body;
            case 1 when node is JsonObject fields:
                fields[random.From(["role", "id", "status", "__proto__", "$type", ""])] = "x";
                return body;
            case 2 when node is JsonArray { Count: > 0 } items:
                var item = items[0];
                for (var i = random.From([1, 60, 300]); i > 0; i--)
                {
                    items.Add(item?.DeepClone());
                }

                return body;
            case 3 when node is JsonValue number && number.GetValueKind() == System.Text.Json.JsonValueKind.Number:
                return Replaced(body, node, JsonValue.Create(number.GetValue<decimal>() * random.From([-1m, 0m, 2m, 1_000m, 1_000_000m]) + random.From([-1m, 0m, 1m])));
            case 4:
                return Replaced(body, node, JsonValue.Create(random.From(Hostile.Texts)));
            default:
                inserted.Add(random.From(Hostile.Json));
                return Replaced(body, node, JsonValue.Create(Place(inserted.Count - 1)));
        }
    }

    private static JsonNode Replaced(JsonNode body, JsonNode node, JsonNode other)
    {
        if (node == body)
        {
            return other;
        }

        node.ReplaceWith(other);
        return body;
    }

    private static IEnumerable<JsonNode> All(JsonNode node) =>
        node switch
        {
            JsonObject fields => fields.Select(field => field.Value).OfType<JsonNode>().SelectMany(All).Prepend(node),
            JsonArray items => items.OfType<JsonNode>().SelectMany(All).Prepend(node),
            _ => [node],
        };

    private static byte[] Damaged(byte[] bytes, Random random)
    {
        switch (random.Next(6))
        {
            case 0:
                return bytes[..random.Next(bytes.Length)];
            case 1:
                bytes[random.Next(bytes.Length)] = (byte)random.Next(256);
                return bytes;
            case 2:
                return [0xEF, 0xBB, 0xBF, .. bytes];
            case 3:
                return [.. bytes, .. bytes];
            case 4:
                return Encoding.Unicode.GetBytes(Encoding.UTF8.GetString(bytes));
            default:
                return [.. Enumerable.Repeat((byte)'{', 200)];
        }
    }
}
