using Microsoft.AspNetCore.Mvc;
using TicketBooth.BuildingBlocks.Web;

namespace TicketBooth.Dashboard.Shell;

/// <summary>The page to return to after signing in.</summary>
internal static class ReturnAddress
{
    /// <summary>Always a page of the back office, never another site.</summary>
    public static string Of(IUrlHelper url, string? address)
    {
        ArgumentNullException.ThrowIfNull(url);
        return
            url.IsLocalUrl(address)
            && new PathString(address!.Split('?', '#')[0]).StartsWithSegments(PageArea.Path, StringComparison.OrdinalIgnoreCase)
            ? address
            : PageArea.Path;
    }
}
