using Microsoft.AspNetCore.Mvc.RazorPages;
using TicketBooth.Dashboard.Live;

namespace TicketBooth.Dashboard.Pages;

/// <summary>The house at a glance, live; where somebody arrives who has signed in.</summary>
internal sealed class IndexModel(LiveFigures live) : PageModel
{
    /// <summary>Drawn by the same component that draws what the stream sends.</summary>
    public string Figures { get; private set; } = "";

    public async Task OnGetAsync(CancellationToken cancellationToken) =>
        Figures = await live.RenderAsync(Guid.Empty, LiveView.Here, cancellationToken);
}
