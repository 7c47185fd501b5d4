using Microsoft.AspNetCore.Http;

namespace TicketBooth.BuildingBlocks.Web;

/// <summary>
/// The paths that answer with pages for people. Errors there are pages; everywhere else they are problem documents for programs.
/// </summary>
public static class PageArea
{
    public const string Path = "/backoffice";

    public static bool IsPage(this HttpContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
        return context.Request.Path.StartsWithSegments(Path, StringComparison.OrdinalIgnoreCase);
    }
}
