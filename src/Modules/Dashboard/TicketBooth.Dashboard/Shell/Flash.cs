using Microsoft.AspNetCore.Mvc.RazorPages;

namespace TicketBooth.Dashboard.Shell;

/// <summary>A sentence that is shown on the page after a redirect: what was done, or why not.</summary>
internal static class Flash
{
    public const string DoneKey = "done";
    public const string FailedKey = "failed";

    public static void SayDone(this PageModel page, string text)
    {
        ArgumentNullException.ThrowIfNull(page);
        page.TempData[DoneKey] = text;
    }

    public static void SayFailed(this PageModel page, string text)
    {
        ArgumentNullException.ThrowIfNull(page);
        page.TempData[FailedKey] = text;
    }
}
