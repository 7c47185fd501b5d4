using System.Globalization;
using Microsoft.AspNetCore.WebUtilities;

namespace TicketBooth.Gateways.Stripe;

/// <summary>The parameters of a request, <c>a[b][c]=d</c> as a tree, read by Stripe's rules.</summary>
internal sealed class StripeForm
{
    private const int LongestText = 5000;
    private readonly Dictionary<string, StripeForm> children = new(StringComparer.Ordinal);
    private readonly string path;
    private string? value;

    private StripeForm(string path) => this.path = path;

    public static StripeForm Parse(string encoded)
    {
        var root = new StripeForm("");
        foreach (var (key, values) in QueryHelpers.ParseQuery(encoded))
        {
            foreach (var each in values)
            {
                root.Add(key, each ?? "");
            }
        }

        return root;
    }

    /// <summary>Refuses every name but these, and says of <paramref name="notModelled"/> that only the stand-in does not know them.</summary>
    public void AllowOnly(IEnumerable<string> modelled, IEnumerable<string>? notModelled = null)
    {
        var unknown = children.Keys.Except(modelled, StringComparer.Ordinal).Except(notModelled ?? [], StringComparer.Ordinal).ToList();
        if (unknown is [var first, ..])
        {
            var names = string.Join(", ", unknown.Select(PathOf));
            throw StripeRefusal.Invalid($"Received unknown parameter{(unknown.Count > 1 ? "s" : "")}: {names}", PathOf(first), "parameter_unknown");
        }

        if (notModelled?.FirstOrDefault(children.ContainsKey) is { } missing)
        {
            throw StripeRefusal.NotModelled(missing);
        }
    }

    public bool Has(string name) => children.ContainsKey(name);

    public bool IsText(string name) => children.TryGetValue(name, out var child) && child.value is not null;

    public string? Text(string name, int longest = LongestText)
    {
        if (!children.TryGetValue(name, out var child))
        {
            return null;
        }

        var text = child.value ?? throw StripeRefusal.Invalid($"Invalid string: {PathOf(name)}", PathOf(name));
        if (text.Length == 0)
        {
            throw StripeRefusal.Empty(PathOf(name));
        }

        return text.Length <= longest
            ? text
            : throw StripeRefusal.Invalid(
                $"Invalid string: {text[..20]}...; must be at most {longest} characters", PathOf(name), "parameter_invalid_string_too_long");
    }

    public string RequiredText(string name) => Text(name) ?? throw StripeRefusal.Missing(PathOf(name));

    public long? Integer(string name) =>
        Text(name) is not { } text ? null
        : long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number) ? number
        : throw StripeRefusal.Invalid($"Invalid integer: {text}", PathOf(name), "parameter_invalid_integer");

    public bool Flag(string name) =>
        Text(name) switch
        {
            null or "false" => false,
            "true" => true,
            var text => throw StripeRefusal.Invalid($"Invalid boolean: {text}", PathOf(name)),
        };

    public string? OneOf(string name, params string[] allowed) =>
        Text(name) is not { } text || allowed.Contains(text, StringComparer.Ordinal)
            ? Text(name)
            : throw StripeRefusal.Invalid($"Invalid {PathOf(name)}: must be one of {string.Join(", ", allowed)}", PathOf(name));

    public StripeForm? Group(string name) =>
        !children.TryGetValue(name, out var child) ? null
        : child.value is null ? child
        : throw StripeRefusal.Invalid("Invalid object", PathOf(name));

    public IReadOnlyList<string> Many(string name)
    {
        if (!children.TryGetValue(name, out var child))
        {
            return [];
        }

        if (child.value is not null)
        {
            throw StripeRefusal.Invalid("Invalid array", PathOf(name));
        }

        return [.. child.children.Values.Select(item => item.value ?? throw StripeRefusal.Invalid("Invalid string", item.path))];
    }

    /// <summary>At most 50 keys of 40 characters without brackets, and 500 characters a value. An empty value takes a key away.</summary>
    public IReadOnlyDictionary<string, string> Metadata()
    {
        if (Group("metadata") is not { } group)
        {
            return new Dictionary<string, string>(StringComparer.Ordinal);
        }

        var metadata = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var (key, child) in group.children)
        {
            var text = child.value ?? throw StripeRefusal.Invalid("Metadata values must be strings", child.path);
            if (key.Length > 40)
            {
                throw StripeRefusal.Invalid($"Metadata keys can have up to 40 characters, but you passed in a key that is {key.Length} characters.", child.path);
            }

            if (text.Length > 500)
            {
                throw StripeRefusal.Invalid($"Metadata values can have up to 500 characters, but you passed in a value that is {text.Length} characters.", child.path);
            }

            if (text.Length > 0)
            {
                metadata[key] = text;
            }
        }

        return metadata.Count <= 50
            ? metadata
            : throw StripeRefusal.Invalid($"You can specify up to 50 keys in metadata, but you passed {metadata.Count}.", "metadata");
    }

    private void Add(string key, string text)
    {
        var names = key.Split('[');
        if (names.Skip(1).Any(name => !name.EndsWith(']')))
        {
            throw StripeRefusal.Invalid($"Invalid parameter name: {key}", key);
        }

        var node = this;
        foreach (var name in names.Select((name, index) => index == 0 ? name : name[..^1]))
        {
            if (node.value is not null)
            {
                throw StripeRefusal.Invalid($"Invalid parameter: {key}", key);
            }

            // `expand[]=a&expand[]=b`: the place is the name.
            var unique = name.Length > 0 ? name : node.children.Count.ToString(CultureInfo.InvariantCulture);
            if (!node.children.TryGetValue(unique, out var child))
            {
                child = new StripeForm(node.PathOf(unique));
                node.children.Add(unique, child);
            }

            node = child;
        }

        node.value = node.children.Count == 0 ? text : throw StripeRefusal.Invalid($"Invalid parameter: {key}", key);
    }

    private string PathOf(string name) => path.Length == 0 ? name : $"{path}[{name}]";
}
