using Microsoft.AspNetCore.Mvc;
using TicketBooth.Accounts.Contracts;
using TicketBooth.BuildingBlocks.Web;

namespace TicketBooth.Dashboard.Shell;

/// <summary>The page to return to after signing in.</summary>
internal static class ReturnAddress
{
    private const string Door = "/door";

    /// <summary>Always a page of the back office, never another site; the door for those who work there only.</summary>
    public static string Of(IUrlHelper url, string? address, SessionUser user)
    {
        ArgumentNullException.ThrowIfNull(user);
        return user.Roles.Intersect([Roles.Clerk, Roles.Admin], StringComparer.Ordinal).Any() ? Of(url, address) : Door;
    }

    /// <inheritdoc cref="Of(IUrlHelper, string?, SessionUser)"/>
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
