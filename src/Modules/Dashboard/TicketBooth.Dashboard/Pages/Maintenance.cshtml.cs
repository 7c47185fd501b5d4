using MediatR;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;
using Microsoft.Extensions.Localization;
using TicketBooth.BuildingBlocks.Storage.Backups;
using TicketBooth.BuildingBlocks.Web;
using TicketBooth.Dashboard.Maintenance;
using TicketBooth.Dashboard.ReadModel;
using TicketBooth.Dashboard.Shell;

namespace TicketBooth.Dashboard.Pages;

/// <summary>Rebuilds of the read model, its comparisons with the ledger, and the backups.</summary>
[Authorize(Policies.Admin)]
internal sealed class MaintenanceModel(IMediator mediator, IStringLocalizer<Words> words, BackupStatus backups) : PageModel
{
    public BackupStatus Backups => backups;

    public IReadOnlyList<ListRuns.Run> Runs { get; private set; } = [];

    public bool IsRunning => Runs.Any(run => run.State == ListRuns.RunState.Running);

    public async Task OnGetAsync(CancellationToken cancellationToken) =>
        Runs = (await mediator.Send(new ListRuns.Query(), cancellationToken)).Value.Items;

    [AllowedTo(Policies.Admin)]
    public async Task<IActionResult> OnPostStartAsync(RunKind kind, CancellationToken cancellationToken)
    {
        var started = await mediator.Send(new StartMaintenance.Command(kind, User.ToActor()), cancellationToken);
        if (started.Error is { } error)
        {
            this.SayFailed(words.Explain(error));
        }
        else
        {
            this.SayDone(words["The run has started."]);
        }

        return RedirectToPage();
    }
}
