using System.Globalization;
using MediatR;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;
using Microsoft.Extensions.Localization;
using TicketBooth.Admissions.Contracts;
using TicketBooth.BuildingBlocks.Kernel;
using TicketBooth.BuildingBlocks.Messaging.Modules;
using TicketBooth.BuildingBlocks.Web;
using TicketBooth.Dashboard.Shell;
using TicketBooth.Events.Contracts;

namespace TicketBooth.Dashboard.Pages.Events;

/// <summary>When the door of an event opens, and how often a ticket opens it.</summary>
[Authorize(Policies.Admin)]
internal sealed class DoorModel(IMediator mediator, IStringLocalizer<Words> words, IReadOnlyList<IModule> modules) : PageModel
{
    private const int MinutesOfAnHour = 60;

    public EventTabs Event { get; private set; } = null!;

    /// <summary>Null for a draft, which has no door.</summary>
    public DoorTimes? Times { get; private set; }

    [BindProperty]
    public RulesInput Input { get; set; } = new();

    public Task<IActionResult> OnGetAsync(Guid id, CancellationToken cancellationToken) => ShownAsync(id, isSent: false, cancellationToken);

    [AllowedTo(Policies.Admin)]
    public async Task<IActionResult> OnPostAsync(Guid id, CancellationToken cancellationToken)
    {
        if (
            !TryReadHours(Input.OpensHoursBefore, out var opens)
            || !TryReadHours(Input.ClosesHoursAfter, out var closes)
            || !int.TryParse(Input.Transfers, NumberStyles.None, CultureInfo.InvariantCulture, out var transfers)
        )
        {
            ModelState.AddModelError("", words["Type hours and a number of transfers, for example 2 or 1.5."]);
            return await ShownAsync(id, isSent: true, cancellationToken);
        }

        var changed = await mediator.Send(
            new ChangeDoorRules(id, new DoorRules(opens, closes, Input.ReEntry, transfers), User.ToActor()),
            cancellationToken
        );
        if (changed.Error is { } error)
        {
            ModelState.AddModelError("", Explain(error));
            return await ShownAsync(id, isSent: true, cancellationToken);
        }

        this.SayDone(words["The door's rules are saved."]);
        return RedirectToPage(EventTabs.Door, new { id });
    }

    private async Task<IActionResult> ShownAsync(Guid id, bool isSent, CancellationToken cancellationToken)
    {
        var form = await mediator.Send(new GetEventForm(id), cancellationToken);
        if (form.Error is not null || modules.All(module => module.Name != "Admissions"))
        {
            return NotFound();
        }

        Event = EventTabs.Of(form.Value, EventTabs.Door);
        if (!Event.IsDraft && await mediator.Send(new GetDoorRules(id), cancellationToken) is { IsSuccess: true, Value: var times })
        {
            Times = times;
            if (!isSent)
            {
                Input = RulesInput.Of(times.Rules);
            }
        }

        return Page();
    }

    private string Explain(Error error) =>
        error.Fields is null
            ? words.Explain(error)
            : words["The door may open 720 hours before the start and close 720 hours after it, and a ticket be transferred 10 times."];

    /// <summary>Hours with a comma or a point, as minutes.</summary>
    private static bool TryReadHours(string? typed, out int minutes)
    {
        var isNumber = decimal.TryParse(
            typed?.Trim().Replace(',', '.'),
            NumberStyles.AllowDecimalPoint,
            CultureInfo.InvariantCulture,
            out var hours
        );
        minutes = isNumber && hours <= short.MaxValue ? (int)decimal.Round(hours * MinutesOfAnHour) : 0;
        return isNumber && hours <= short.MaxValue;
    }

    /// <summary>What was typed.</summary>
    internal sealed class RulesInput
    {
        public string? OpensHoursBefore { get; set; }

        public string? ClosesHoursAfter { get; set; }

        public bool ReEntry { get; set; }

        public string? Transfers { get; set; }

        public static RulesInput Of(DoorRules rules) =>
            new()
            {
                OpensHoursBefore = HoursOf(rules.OpensMinutesBefore),
                ClosesHoursAfter = HoursOf(rules.ClosesMinutesAfter),
                ReEntry = rules.ReEntry,
                Transfers = rules.Transfers.ToString(CultureInfo.InvariantCulture),
            };

        private static string HoursOf(int minutes) => ((decimal)minutes / MinutesOfAnHour).ToString("0.##", CultureInfo.CurrentCulture);
    }
}
