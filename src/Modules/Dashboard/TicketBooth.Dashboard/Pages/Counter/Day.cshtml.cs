using MediatR;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;
using Microsoft.Extensions.Localization;
using TicketBooth.BuildingBlocks.Web;
using TicketBooth.Dashboard.ReadModel;
using TicketBooth.Dashboard.Shell;

namespace TicketBooth.Dashboard.Pages.Counter;

/// <summary>The daily close: per clerk and for the house. Clerks see their own.</summary>
internal sealed class DayModel(IMediator mediator, DashboardZone zone, Show show, IStringLocalizer<Words> words, TimeProvider clock)
    : PageModel
{
    [BindProperty(SupportsGet = true)]
    public string? Day { get; set; }

    public DayClose Close { get; private set; } = null!;

    public async Task<IActionResult> OnGetAsync(CancellationToken cancellationToken)
    {
        if (!Days.TryParse(Day, out var day) || !DayRules.Knows(day))
        {
            ModelState.AddModelError("", words[Days.Wrong]);
            day = null;
        }

        Close = await DayClose.OfAsync(
            mediator,
            zone,
            day ?? show.DayOf(clock.GetUtcNow()),
            User.IsInRole(Roles.Admin) ? null : User.Id(),
            cancellationToken
        );
        return Page();
    }
}
