using MediatR;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;
using Microsoft.Extensions.Localization;
using TicketBooth.BuildingBlocks.Kernel;
using TicketBooth.Dashboard.ReadModel;
using TicketBooth.Dashboard.Shell;
using TicketBooth.Events.Contracts;

namespace TicketBooth.Dashboard.Pages.Events;

/// <summary>All events, drafts too.</summary>
internal sealed class IndexModel(IMediator mediator, DashboardZone zone, IStringLocalizer<Words> words) : PageModel
{
    public static readonly IReadOnlyList<EventStatus> AllStatuses = Enum.GetValues<EventStatus>();

    [BindProperty(SupportsGet = true)]
    public string? Search { get; set; }

    /// <summary>As REST spells it.</summary>
    [BindProperty(SupportsGet = true)]
    public string? Status { get; set; }

    /// <summary>The first day on which they start, as typed.</summary>
    [BindProperty(SupportsGet = true)]
    public string? From { get; set; }

    /// <summary>The last such day, as typed.</summary>
    [BindProperty(SupportsGet = true)]
    public string? To { get; set; }

    public Page<EventSummary> Found { get; private set; } = new([], null);

    /// <summary>What narrows the list, for the addresses of its next page and of its statuses.</summary>
    public Dictionary<string, string?> Filter =>
        new(StringComparer.Ordinal)
        {
            ["search"] = Search,
            ["status"] = Status,
            ["from"] = From,
            ["to"] = To,
        };

    public bool IsNarrowed => Filter.Values.Any(part => !string.IsNullOrWhiteSpace(part));

    public async Task OnGetAsync(string? cursor, CancellationToken cancellationToken)
    {
        if (!Days.TryParse(From, out var from) || !Days.TryParse(To, out var to) || !DayRules.Knows(from) || !DayRules.Knows(to))
        {
            ModelState.AddModelError("", words[Days.Wrong]);
            return;
        }

        var isStatus = StatusNames.TryParse<EventStatus>(Status, out var status);
        if (!isStatus && !string.IsNullOrEmpty(Status))
        {
            ModelState.AddModelError("", words["Not a status of events."]);
            return;
        }

        if (from > to)
        {
            ModelState.AddModelError("", words["The last day is before the first one."]);
            return;
        }

        var found = await mediator.Send(
            new FindEvents(
                Search,
                from is { } first ? zone.StartOf(first) : null,
                cursor,
                To: to is { } last ? zone.StartOf(last.AddDays(1)) : null,
                Status: isStatus ? status : null
            ),
            cancellationToken
        );
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
