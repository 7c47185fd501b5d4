using MediatR;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;
using Microsoft.Extensions.Localization;
using TicketBooth.BuildingBlocks.Kernel;
using TicketBooth.BuildingBlocks.Web;
using TicketBooth.Dashboard.Figures;
using TicketBooth.Dashboard.Shell;
using TicketBooth.Payments.Contracts;

namespace TicketBooth.Dashboard.Pages.MoneyCases;

/// <summary>Money that is not a plain payment or a plain refund, and what staff may do about it.</summary>
internal sealed class IndexModel(IMediator mediator, OpenMoney openMoney, IStringLocalizer<Words> words) : PageModel
{
    [BindProperty(SupportsGet = true)]
    public bool All { get; set; }

    [BindProperty(SupportsGet = true)]
    public string? Cursor { get; set; }

    public Page<MoneyCase> Cases { get; private set; } = new([], null);

    public IReadOnlyList<ExpiringCertificate> Certificates { get; private set; } = [];

    public async Task<IActionResult> OnGetAsync(CancellationToken cancellationToken)
    {
        var found = await mediator.Send(
            new ListMoneyCases(All, Cursor, TicketBooth.BuildingBlocks.Kernel.Cursor.DefaultLimit),
            cancellationToken
        );
        if (found.Error is not null)
        {
            return NotFound();
        }

        Cases = found.Value;
        Certificates = (await openMoney.FindAsync(cancellationToken))?.Certificates ?? [];
        return Page();
    }

    [AllowedTo(Policies.Staff)]
    public Task<IActionResult> OnPostAcceptAsync(string id, string? note, CancellationToken cancellationToken) =>
        DecideAsync(new AcceptMoney(id, note ?? "", User.ToActor()), "The house keeps the money.", cancellationToken);

    [AllowedTo(Policies.Staff)]
    public Task<IActionResult> OnPostRefundAsync(string id, CancellationToken cancellationToken) =>
        DecideAsync(new RefundMoney(id, User.ToActor()), "The gateway is asked to give the money back.", cancellationToken);

    [AllowedTo(Policies.Staff)]
    public Task<IActionResult> OnPostNoteAsync(string id, string? note, CancellationToken cancellationToken) =>
        DecideAsync(new NoteMoney(id, note ?? "", User.ToActor()), "The note is stored; nobody need act any more.", cancellationToken);

    [AllowedTo(Policies.Staff)]
    public Task<IActionResult> OnPostPaidBackAsync(string id, string? reference, CancellationToken cancellationToken) =>
        DecideAsync(new MarkRefundPaidBack(id, reference ?? "", User.ToActor()), "The refund counts as paid back.", cancellationToken);

    private async Task<IActionResult> DecideAsync(IMoneyDecision decision, string done, CancellationToken cancellationToken)
    {
        var decided = await mediator.Send(decision, cancellationToken);
        if (decided.Error is { } error)
        {
            this.SayFailed(words.Explain(error));
        }
        else
        {
            this.SayDone(words[done]);
        }

        return RedirectToPage(new { All, Cursor });
    }
}
