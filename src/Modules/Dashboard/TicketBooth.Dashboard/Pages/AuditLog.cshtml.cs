using MediatR;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;
using Microsoft.Extensions.Localization;
using TicketBooth.BuildingBlocks.Kernel;
using TicketBooth.Dashboard.AuditLog;
using TicketBooth.Dashboard.Figures;
using TicketBooth.Dashboard.Shell;

namespace TicketBooth.Dashboard.Pages;

/// <summary>What staff did, by person, day, and what they did it with.</summary>
[Authorize(Policies.Admin)]
internal sealed class AuditLogModel(IMediator mediator, IStringLocalizer<Words> words) : PageModel
{
    private const string NoSubject = "This is neither the number of an order nor an id; copy one from its page.";

    /// <summary>As somebody typed it, whatever that is.</summary>
    [BindProperty(SupportsGet = true)]
    public string? SubjectId { get; set; }

    /// <summary>The member of staff, as the address has it.</summary>
    [BindProperty(SupportsGet = true)]
    public string? ById { get; set; }

    /// <summary>The first day, as typed.</summary>
    [BindProperty(SupportsGet = true)]
    public string? From { get; set; }

    /// <summary>The last day, as typed.</summary>
    [BindProperty(SupportsGet = true)]
    public string? To { get; set; }

    public IReadOnlyList<Actor> Actors { get; private set; } = [];

    public Page<ListAuditLog.Entry> Found { get; private set; } = new([], null);

    public IReadOnlyDictionary<Guid, AuditSubjects.Subject> Subjects { get; private set; } = new Dictionary<Guid, AuditSubjects.Subject>();

    /// <summary>What narrows the list, for the address of its next page.</summary>
    public Dictionary<string, string?> Filter =>
        new(StringComparer.Ordinal)
        {
            ["subjectId"] = SubjectId,
            ["byId"] = ById,
            ["from"] = From,
            ["to"] = To,
        };

    public bool IsNarrowed => Filter.Values.Any(part => !string.IsNullOrEmpty(part));

    public async Task OnGetAsync(string? cursor, CancellationToken cancellationToken)
    {
        Actors = (await mediator.Send(new ListActors.Query(), cancellationToken)).Value;
        var subject = await SubjectAsync(cancellationToken);
        if (subject is null && !string.IsNullOrWhiteSpace(SubjectId))
        {
            ModelState.AddModelError("", words[NoSubject]);
            return;
        }

        if (!Days.TryParse(From, out var from) || !Days.TryParse(To, out var to))
        {
            ModelState.AddModelError("", words[Days.Wrong]);
            return;
        }

        var isPerson = Guid.TryParse(ById, out var id);
        if (!isPerson && !string.IsNullOrEmpty(ById))
        {
            ModelState.AddModelError("", words["There is no such account."]);
            return;
        }

        var found = await mediator.Send(
            new ListAuditLog.Query(subject, isPerson ? id : null, from, to, cursor, IsJoined: true),
            cancellationToken
        );
        if (found.Error is { } error)
        {
            ModelState.AddModelError("", words.ExplainFields(error));
            return;
        }

        Found = found.Value;
        Subjects = await mediator.SubjectsAsync(Found.Items.Select(AuditSubjects.Of).OfType<Guid>(), cancellationToken);
    }

    /// <summary>Of an id, or the number of an order.</summary>
    private async Task<Guid?> SubjectAsync(CancellationToken cancellationToken)
    {
        if (Guid.TryParse(SubjectId, out var id))
        {
            return id;
        }

        return
            SpokenId.TryParse(SubjectId, out _, out _)
            && (await mediator.Send(new FindOrders.Query(new OrderFilter.Wanted(SubjectId), Limit: 1), cancellationToken)).Value.Items
                is [var order]
            ? order.Id
            : null;
    }
}
