using Microsoft.AspNetCore.Mvc;
using TicketBooth.BuildingBlocks.Web;

namespace TicketBooth.Dashboard.Shell;

/// <summary>Where somebody wanted to go before they had to sign in.</summary>
internal static class ReturnAddress
{
    /// <summary>Never anywhere but a page of ours.</summary>
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
