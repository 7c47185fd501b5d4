using MediatR;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;
using Microsoft.Extensions.Localization;
using TicketBooth.Booking.Contracts;
using TicketBooth.BuildingBlocks.Kernel;
using TicketBooth.BuildingBlocks.Web;
using TicketBooth.Dashboard.Shell;

namespace TicketBooth.Dashboard.Pages.Counter;

/// <summary>
/// A shift: its sums, its lines, cash that is put in or taken out, and its close. Without an id it is the clerk's open one.
/// </summary>
internal sealed class ShiftModel(IMediator mediator, IStringLocalizer<Words> words, TimeProvider clock) : PageModel
{
    /// <summary>Null when the clerk has none open.</summary>
    public ShiftDetails? Details { get; private set; }

    public bool IsOpen => Details is { Shift.ClosedAt: null };

    /// <summary>The id of what a form does: sent twice, it is done once.</summary>
    public Guid NewOperation() => FreshId.At(clock.GetUtcNow());

    public async Task<IActionResult> OnGetAsync(Guid? id, CancellationToken cancellationToken)
    {
        var found = id is { } known
            ? await mediator.Send(new GetShift(known, User.IsInRole(Roles.Admin) ? null : User.Id()), cancellationToken)
            : await mediator.Send(new GetOpenShift(User.Id()), cancellationToken);
        if (found.Error is not null && id is not null)
        {
            return NotFound();
        }

        Details = found.IsSuccess ? found.Value : null;
        return Page();
    }

    /// <param name="isOut">Cash is taken out.</param>
    [AllowedTo(Policies.Staff)]
    public async Task<IActionResult> OnPostMoveAsync(
        Guid id,
        Guid operation,
        string? currency,
        string? amount,
        string? reason,
        bool isOut,
        CancellationToken cancellationToken
    )
    {
        if (SaleInput.UnitsOf(amount, currency ?? "") is not { } units)
        {
            this.SayFailed(words["Type an amount of money."]);
            return RedirectToPage("/Counter/Shift", new { id });
        }

        var moved = await mediator.Send(
            new MoveShiftCash(id, isOut ? -units : units, reason ?? "", User.ToActor(), User.IsInRole(Roles.Admin), operation),
            cancellationToken
        );
        if (moved.Error is { } error)
        {
            this.SayFailed(words.ExplainFields(error));
        }
        else
        {
            this.SayDone(words["Noted."]);
        }

        return RedirectToPage("/Counter/Shift", new { id });
    }

    [AllowedTo(Policies.Staff)]
    public async Task<IActionResult> OnPostCloseAsync(
        Guid id,
        string? currency,
        string? counted,
        string? note,
        CancellationToken cancellationToken
    )
    {
        if (SaleInput.UnitsOf(counted, currency ?? "") is not { } units)
        {
            this.SayFailed(words["Type how much cash is in the drawer."]);
            return RedirectToPage("/Counter/Shift", new { id });
        }

        var closed = await mediator.Send(new CloseShift(id, units, note, User.ToActor(), User.IsInRole(Roles.Admin)), cancellationToken);
        if (closed.Error is { } error)
        {
            this.SayFailed(words.ExplainFields(error));
        }
        else
        {
            this.SayDone(words["The shift is closed. Difference: {0}.", Show.Money(closed.Value.Difference ?? 0, closed.Value.Currency)]);
        }

        return RedirectToPage("/Counter/Shift", new { id });
    }
}
