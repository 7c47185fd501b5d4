using MediatR;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;
using Microsoft.Extensions.Localization;
using TicketBooth.BuildingBlocks.Web;
using TicketBooth.Dashboard.Shell;
using TicketBooth.Payments.Contracts;

namespace TicketBooth.Dashboard.Pages.MoneyCases;

/// <summary>What the gateways say they moved against what is on record: the outcomes that are kept.</summary>
internal sealed class ReconciliationsModel(IMediator mediator, IStringLocalizer<Words> words, TimeProvider clock) : PageModel
{
    public IReadOnlyList<ReconciliationSummary> Items { get; private set; } = [];

    /// <summary>The last two days, which the form offers.</summary>
    public (DateOnly From, DateOnly To) Offered
    {
        get
        {
            var today = DateOnly.FromDateTime(clock.GetUtcNow().UtcDateTime);
            return (today.AddDays(-1), today);
        }
    }

    public async Task OnGetAsync(CancellationToken cancellationToken) =>
        Items = (await mediator.Send(new ListReconciliations(), cancellationToken)).Value;

    /// <param name="from">The first day, UTC.</param>
    /// <param name="to">The last day, UTC.</param>
    [AllowedTo(Policies.Admin)]
    public async Task<IActionResult> OnPostAsync(DateOnly from, DateOnly to, CancellationToken cancellationToken)
    {
        var end = to < DateOnly.MaxValue ? to.AddDays(1) : to;
        var started = await mediator.Send(new ReconcilePayments(StartOf(from), StartOf(end), User.ToActor()), cancellationToken);
        if (started.Error is { } error)
        {
            this.SayFailed(error.Fields is null ? words.Explain(error) : words["The days must be in their order, and at most 92 of them."]);
        }
        else if (started.Value.Outcome is not { } outcome)
        {
            this.SayDone(words["The comparison goes on; reload this page to see its outcome."]);
        }
        else if (outcome.Summary.IsEqual)
        {
            this.SayDone(words["Both sides have the same."]);
        }
        else
        {
            this.SayFailed(words["The two sides differ."]);
        }

        return RedirectToPage();
    }

    private static DateTimeOffset StartOf(DateOnly day) => new(day, TimeOnly.MinValue, TimeSpan.Zero);
}
