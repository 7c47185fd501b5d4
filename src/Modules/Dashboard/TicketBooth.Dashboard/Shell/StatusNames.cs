using System.Text.Json;

namespace TicketBooth.Dashboard.Shell;

/// <summary>Statuses in the spelling of REST, for example <c>on_payment</c>.</summary>
internal static class StatusNames
{
    public static string Of<T>(T status)
        where T : struct, Enum => JsonNamingPolicy.SnakeCaseLower.ConvertName(status.ToString());

    public static bool TryParse<T>(string? name, out T status)
        where T : struct, Enum
    {
        var found = Enum.GetValues<T>().Cast<T?>().FirstOrDefault(known => Of(known!.Value) == name);
        status = found.GetValueOrDefault();
        return found is not null;
    }
}
