using MediatR;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;
using Microsoft.Extensions.Localization;
using TicketBooth.BuildingBlocks.Kernel;
using TicketBooth.Dashboard.AuditLog;
using TicketBooth.Dashboard.Shell;

namespace TicketBooth.Dashboard.Pages;

/// <summary>The log of administrative acts.</summary>
[Authorize(Policies.Admin)]
internal sealed class AuditLogModel(IMediator mediator, IStringLocalizer<Words> words) : PageModel
{
    /// <summary>As somebody typed it, whatever that is.</summary>
    [BindProperty(SupportsGet = true)]
    public string? SubjectId { get; set; }

    public Page<ListAuditLog.Entry> Found { get; private set; } = new([], null);

    public async Task OnGetAsync(string? cursor, CancellationToken cancellationToken)
    {
        var isId = Guid.TryParse(SubjectId, out var subject);
        if (!isId && !string.IsNullOrWhiteSpace(SubjectId))
        {
            ModelState.AddModelError("", words["This is not an id; copy one from the page of an event or an order, or from this log."]);
            return;
        }

        var found = await mediator.Send(new ListAuditLog.Query(isId ? subject : null, cursor), cancellationToken);
        if (found.Error is { } error)
        {
            ModelState.AddModelError("", words.Explain(error));
        }
        else
        {
            Found = found.Value;
        }
    }
}
