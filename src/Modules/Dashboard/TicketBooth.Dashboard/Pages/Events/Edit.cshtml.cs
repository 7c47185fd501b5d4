using System.Globalization;
using System.Text.RegularExpressions;
using MediatR;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;
using Microsoft.Extensions.Localization;
using TicketBooth.BuildingBlocks.Kernel;
using TicketBooth.BuildingBlocks.Web;
using TicketBooth.Dashboard.Figures;
using TicketBooth.Dashboard.Shell;
using TicketBooth.Events.Contracts;

namespace TicketBooth.Dashboard.Pages.Events;

/// <summary>Creates, changes, publishes and cancels an event.</summary>
[Authorize(Policies.Admin)]
internal sealed partial class EditModel(IMediator mediator, Show show, IStringLocalizer<Words> words) : PageModel
{
    [BindProperty(SupportsGet = true)]
    public Guid? Id { get; set; }

    [BindProperty]
    public EventInput Input { get; set; } = new();

    /// <summary>The event's revision when the editor was opened.</summary>
    [BindProperty]
    public long? Revision { get; set; }

    public EventStatus Status { get; private set; } = EventStatus.Draft;

    /// <summary>What a cancellation would refund; null when nothing was sold.</summary>
    public GetEventFigures.EventFigures? Figures { get; private set; }

    public async Task<IActionResult> OnGetAsync(CancellationToken cancellationToken)
    {
        if (Id is null)
        {
            Input = new EventInput { Currency = "BRL", Tiers = [new EventInput.TierInput()] };
            return Page();
        }

        var form = await mediator.Send(new GetEventForm(Id.Value), cancellationToken);
        if (form.Error is not null)
        {
            return NotFound();
        }

        Input = EventInput.Of(form.Value.Form, show.Zone);
        Revision = form.Value.Revision;
        return await ShownAsync(cancellationToken);
    }

    /// <summary>Adds an empty row for a tier. Saves nothing.</summary>
    [AllowedTo(Policies.Admin)]
    public Task<IActionResult> OnPostAddTierAsync(CancellationToken cancellationToken)
    {
        Input.Tiers.Add(new EventInput.TierInput());
        return ShownAsync(cancellationToken);
    }

    [AllowedTo(Policies.Admin)]
    public async Task<IActionResult> OnPostSaveAsync(CancellationToken cancellationToken)
    {
        var faults = new List<EventInput.Fault>();
        var form = Input.ToForm(show.Zone, faults);
        if (faults.Count > 0 || !ModelState.IsValid)
        {
            faults.ForEach(fault => Blame(fault.Field, words[fault.Text]));
            return await ShownAsync(cancellationToken);
        }

        var saved = Id is { } id
            ? await mediator.Send(new EditEvent(id, form, Revision, User.ToActor()), cancellationToken)
            : await mediator.Send(new CreateEvent(form, User.ToActor()), cancellationToken);
        if (saved.Error is { } error)
        {
            Explain(error);
            return await ShownAsync(cancellationToken);
        }

        this.SayDone(words["{0} is saved.", saved.Value.Name]);
        return RedirectToPage("/Events/Edit", new { saved.Value.Id });
    }

    [AllowedTo(Policies.Admin)]
    public async Task<IActionResult> OnPostPublishAsync(CancellationToken cancellationToken)
    {
        var published = await mediator.Send(new PublishEvent(Id.GetValueOrDefault(), User.ToActor()), cancellationToken);
        if (published.Error is { } error)
        {
            this.SayFailed(words.Explain(error));
            return RedirectToPage("/Events/Edit", new { Id });
        }

        this.SayDone(words["{0} is published.", published.Value.Name]);
        return RedirectToPage("/Events/Watch", new { Id });
    }

    /// <param name="name">The event's name, typed by hand, so that nobody cancels an event by mistake.</param>
    [AllowedTo(Policies.Admin)]
    public async Task<IActionResult> OnPostCancelAsync(string? name, CancellationToken cancellationToken)
    {
        var form = await mediator.Send(new GetEventForm(Id.GetValueOrDefault()), cancellationToken);
        if (form.Error is not null)
        {
            return NotFound();
        }

        if (!string.Equals(name?.Trim(), form.Value.Form.Name, StringComparison.Ordinal))
        {
            this.SayFailed(words["This is not the event's name; nothing was done."]);
            return RedirectToPage("/Events/Edit", new { Id });
        }

        var canceled = await mediator.Send(new CancelEvent(form.Value.EventId, User.ToActor()), cancellationToken);
        if (canceled.Error is { } error)
        {
            this.SayFailed(words.Explain(error));
            return RedirectToPage("/Events/Edit", new { Id });
        }

        this.SayDone(words["{0} is canceled; its paid orders are being refunded.", canceled.Value.Name]);
        return RedirectToPage("/Events/Watch", new { Id });
    }

    private async Task<IActionResult> ShownAsync(CancellationToken cancellationToken)
    {
        if (Id is { } id)
        {
            var form = await mediator.Send(new GetEventForm(id), cancellationToken);
            if (form.Error is not null)
            {
                return NotFound();
            }

            Status = form.Value.Status;
            var figures = await mediator.Send(new GetEventFigures.Query(id), cancellationToken);
            Figures = figures.IsSuccess ? figures.Value : null;
        }

        return Page();
    }

    /// <summary>What is wrong with a field (by its REST name); null when nothing is.</summary>
    public string? FaultOf(string field) =>
        ModelState.TryGetValue(field, out var state) && state.Errors.Count > 0
            ? string.Join(' ', state.Errors.Select(error => error.ErrorMessage))
            : null;

    private void Explain(Error error)
    {
        if (error.Fields is not { } fields)
        {
            ModelState.AddModelError("", words.Explain(error));
            return;
        }

        foreach (var (field, messages) in fields)
        {
            foreach (var message in messages)
            {
                Blame(Input.FieldOfRow(field), words.Rule(message));
            }
        }
    }

    private void Blame(string field, string text) => ModelState.AddModelError(field, $"{LabelOf(field)}: {text}");

    /// <summary>The label of a field.</summary>
    private string LabelOf(string field)
    {
        if (TierField().Match(field) is { Success: true } tier)
        {
            var number = int.Parse(tier.Groups["row"].ValueSpan, CultureInfo.InvariantCulture) + 1;
            return words[
                tier.Groups["field"].Value switch
                {
                    "price" => "Base price of tier {0}",
                    "tickets" => "Tickets of tier {0}",
                    "floor" => "Floor of tier {0}",
                    "ceiling" => "Ceiling of tier {0}",
                    _ => "Name of tier {0}",
                },
                number
            ];
        }

        return words[
            field switch
            {
                "venue" => "Venue",
                "description" => "Description",
                "startsAt" => "Starts",
                "publishedAt" => "Sale opens",
                "endsSellingAt" => "Sale closes",
                "capacity" => "Capacity of the venue",
                "currency" => "Currency",
                "tiers" => "Tiers",
                _ => "Name",
            }
        ];
    }

    [GeneratedRegex(@"^tiers\[(?<row>[0-9]+)\]\.(?<field>.+)$", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 10_000)]
    private static partial Regex TierField();
}
