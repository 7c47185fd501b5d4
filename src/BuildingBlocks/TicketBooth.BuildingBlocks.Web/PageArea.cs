using Microsoft.AspNetCore.Http;

namespace TicketBooth.BuildingBlocks.Web;

/// <summary>The part of the address space whose answers are pages for people. Everywhere else they are problem documents for programs.</summary>
public static class PageArea
{
    public const string Path = "/backoffice";

    public static bool IsPage(this HttpContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
        return context.Request.Path.StartsWithSegments(Path, StringComparison.OrdinalIgnoreCase);
    }
}
