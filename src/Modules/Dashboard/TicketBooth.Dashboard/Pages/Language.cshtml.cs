using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;
using TicketBooth.Dashboard.Shell;

namespace TicketBooth.Dashboard.Pages;

/// <summary>Switches the language of this browser.</summary>
[AllowAnonymous]
internal sealed class LanguageModel : PageModel
{
    public IActionResult OnGet() => RedirectToPage("/Index");

    [AllowedTo(Policies.Anybody)]
    public IActionResult OnPost(string? culture, string? returnUrl)
    {
        if (Languages.Knows(culture))
        {
            Languages.Choose(HttpContext, culture!);
        }

        return Redirect(ReturnAddress.Of(Url, returnUrl));
    }
}
