using System.Text.Json;

namespace TicketBooth.Dashboard.Shell;

/// <summary>Statuses as REST spells them (<c>on_payment</c>); also what marks them in a page.</summary>
internal static class StatusNames
{
    public static string Of<T>(T status)
        where T : struct, Enum => JsonNamingPolicy.SnakeCaseLower.ConvertName(status.ToString());

    /// <summary>The class of a status' tag.</summary>
    public static string TagOf<T>(T status)
        where T : struct, Enum => Of(status) switch
        {
            "paid" or "published" or "ended" => "good",
            "on_payment" or "awaiting_confirmation" or "draft" or "running" => "warn",
            "refunded" or "canceled" or "declined" or "lost" => "bad",
            _ => "",
        };
}
