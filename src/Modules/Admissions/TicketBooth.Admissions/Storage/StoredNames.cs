using System.Collections.Frozen;
using System.Text.Json;

namespace TicketBooth.Admissions.Storage;

/// <summary>The names of an enum's values as they are stored, which are those of the API.</summary>
internal static class StoredNames<T>
    where T : struct, Enum
{
    private static readonly FrozenDictionary<T, string> Names = Enum.GetValues<T>()
        .ToFrozenDictionary(value => value, value => JsonNamingPolicy.SnakeCaseLower.ConvertName(value.ToString()));

    private static readonly FrozenDictionary<string, T> Values = Names.ToFrozenDictionary(
        name => name.Value,
        name => name.Key,
        StringComparer.Ordinal
    );

    public static string Of(T value) => Names[value];

    public static T Read(string name) => Values[name];
}
