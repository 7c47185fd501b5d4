using MediatR;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;
using Microsoft.Extensions.Localization;
using TicketBooth.BuildingBlocks.Web;
using TicketBooth.Dashboard.DeadLetters;
using TicketBooth.Dashboard.Shell;

namespace TicketBooth.Dashboard.Pages;

/// <summary>Messages that a module keeps failing on.</summary>
internal sealed class DeadLettersModel(IMediator mediator, IStringLocalizer<Words> words) : PageModel
{
    public ListDeadLetters.Response Letters { get; private set; } = new(0, []);

    public async Task OnGetAsync(CancellationToken cancellationToken) =>
        Letters = (await mediator.Send(new ListDeadLetters.Query(), cancellationToken)).Value;

    [AllowedTo(Policies.Admin)]
    public async Task<IActionResult> OnPostReplayAsync(long number, CancellationToken cancellationToken)
    {
        var replayed = await mediator.Send(new ReplayDeadLetter.Command(number, User.ToActor()), cancellationToken);
        Tell(replayed.Error is { } error ? words.Explain(error) : null, "The message was processed.");
        return RedirectToPage();
    }

    [AllowedTo(Policies.Admin)]
    public async Task<IActionResult> OnPostDropAsync(long number, string? reason, CancellationToken cancellationToken)
    {
        var dropped = await mediator.Send(new DropDeadLetter.Command(number, reason ?? "", User.ToActor()), cancellationToken);
        Tell(dropped.Error is { } error ? words.Explain(error) : null, "The message was dropped.");
        return RedirectToPage();
    }

    private void Tell(string? failure, string done)
    {
        if (failure is not null)
        {
            this.SayFailed(failure);
        }
        else
        {
            this.SayDone(words[done]);
        }
    }
}
