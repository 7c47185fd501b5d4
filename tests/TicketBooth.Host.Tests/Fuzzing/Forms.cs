using System.Net;
using System.Text.RegularExpressions;

namespace TicketBooth.Host.Tests.Fuzzing;

/// <summary>A form of a page, with the values that a browser would send if nobody typed anything.</summary>
/// <param name="IsPost">Otherwise its fields go into the address.</param>
/// <param name="Target">Where it is sent, by each of its buttons.</param>
internal sealed record Form(bool IsPost, string Target, IReadOnlyList<(string Name, string Value)> Fields);

/// <summary>Reads the forms of a page: our own HTML, which the page tests keep well-formed.</summary>
internal static partial class Forms
{
    public static IEnumerable<Form> In(string page, string address)
    {
        foreach (Match form in FormElement().Matches(page))
        {
            var isPost = Attribute(form.Groups["attributes"].Value, "method") is { } method && method.Equals("post", StringComparison.OrdinalIgnoreCase);
            var target = Attribute(form.Groups["attributes"].Value, "action") ?? address;
            var inner = form.Groups["inner"].Value;
            var fields = FieldElement().Matches(inner).Select(Field).OfType<(string, string)>().ToList();
            foreach (var to in ButtonTarget().Matches(inner).Select(button => Decoded(button)).DefaultIfEmpty(target).Distinct(StringComparer.Ordinal))
            {
                yield return new Form(isPost, to, fields);
            }
        }
    }

    private static (string Name, string Value)? Field(Match element)
    {
        var attributes = element.Groups["attributes"].Value;
        return Attribute(attributes, "name") is { Length: > 0 } name
            ? (name, Attribute(attributes, "value") ?? Attribute(element.Groups["inner"].Value, "value") ?? "")
            : null;
    }

    private static string? Attribute(string attributes, string name) =>
        Regex.Match(attributes, $"\\b{name}=\"(?<value>[^\"]*)\"", RegexOptions.ExplicitCapture, TimeSpan.FromMinutes(1)) is { Success: true } found ? Decoded(found) : null;

    private static string Decoded(Match found) => WebUtility.HtmlDecode(found.Groups["value"].Value);

    [GeneratedRegex("<form\\b(?<attributes>[^>]*)>(?<inner>.*?)</form>", RegexOptions.Singleline | RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 60_000)]
    private static partial Regex FormElement();

    [GeneratedRegex(
        "<(input|button)\\b(?<attributes>[^>]*)>|<(select|textarea)\\b(?<attributes>[^>]*)>(?<inner>.*?)</(select|textarea)>",
        RegexOptions.Singleline | RegexOptions.ExplicitCapture,
        matchTimeoutMilliseconds: 60_000
    )]
    private static partial Regex FieldElement();

    [GeneratedRegex("\\bformaction=\"(?<value>[^\"]*)\"", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 60_000)]
    private static partial Regex ButtonTarget();
}
