using MediatR;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;
using Microsoft.Extensions.Localization;
using TicketBooth.BuildingBlocks.Web;
using TicketBooth.Dashboard.Figures;
using TicketBooth.Dashboard.Shell;
using TicketBooth.Events.Contracts;

namespace TicketBooth.Dashboard.Pages.Events;

/// <summary>Creates, changes, publishes and cancels an event.</summary>
[Authorize(Policies.Admin)]
internal sealed partial class EditModel(IMediator mediator, Show show, IStringLocalizer<Words> words) : PageModel
{
    private const string ChangedMeanwhile = "event-changed";

    [BindProperty(SupportsGet = true)]
    public Guid? Id { get; set; }

    [BindProperty]
    public EventInput Input { get; set; } = new();

    /// <summary>The event's revision when the editor was opened.</summary>
    [BindProperty]
    public long? Revision { get; set; }

    /// <summary>The event as it is stored; null for a new one.</summary>
    public EventTabs? Event { get; private set; }

    public EventStatus Status => Event?.Status ?? EventStatus.Draft;

    /// <summary>Whether the fields hold what was typed, and not what is stored.</summary>
    public bool IsTyped { get; private set; }

    /// <summary>Whether a yes to the questions publishes the event as well.</summary>
    public bool IsToBePublished { get; private set; }

    /// <summary>Whether they hold what was typed on an earlier visit.</summary>
    public bool IsRestored { get; private set; }

    /// <summary>What somebody else saved meanwhile, where it differs from what was typed: labels and stored texts.</summary>
    public IReadOnlyList<(string Label, string Stored)> SavedMeanwhile { get; private set; } = [];

    /// <summary>What must be confirmed before it is saved.</summary>
    public IReadOnlyList<string> Questions { get; private set; } = [];

    /// <summary>What saving would do to prices that buyers see; null when it changes none.</summary>
    public PricePreview? Prices { get; private set; }

    /// <summary>The questions that were answered with yes, as <see cref="Answer"/>.</summary>
    [BindProperty]
    public string? Confirmed { get; set; }

    /// <summary>What a yes to the questions sends: it is a yes to these and to no others.</summary>
    public string Answer =>
        string.Join(' ', [.. Questions, .. (Prices?.Tiers ?? []).Select(tier => FormattableString.Invariant($"{tier.From}>{tier.To}"))]);

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

    /// <summary>Shows again what was typed when the page was left or the session ended. Saves nothing.</summary>
    [AllowedTo(Policies.Admin)]
    public Task<IActionResult> OnPostRestoreAsync(CancellationToken cancellationToken)
    {
        IsRestored = true;
        return ShownAsync(cancellationToken);
    }

    [AllowedTo(Policies.Admin)]
    public Task<IActionResult> OnPostSaveAsync(CancellationToken cancellationToken) => SaveAsync(publish: false, cancellationToken);

    /// <summary>Saves what was typed and publishes that, never what was stored before.</summary>
    [AllowedTo(Policies.Admin)]
    public Task<IActionResult> OnPostPublishAsync(CancellationToken cancellationToken) => SaveAsync(publish: true, cancellationToken);

    private async Task<IActionResult> SaveAsync(bool publish, CancellationToken cancellationToken)
    {
        var faults = new List<EventInput.Fault>();
        var form = Input.ToForm(show.Zone, faults);
        if (faults.Count > 0 || !ModelState.IsValid)
        {
            faults.ForEach(fault => Blame(fault.Field, words[fault.Text]));
            return await ShownAsync(cancellationToken);
        }

        EditableEvent? stored =
            Id is { } known && await mediator.Send(new GetEventForm(known), cancellationToken) is { IsSuccess: true } found
                ? found.Value
                : null;
        if (stored is { Status: EventStatus.Published })
        {
            var preview = await mediator.Send(new PreviewEdit(stored.EventId, form, Revision), cancellationToken);
            if (preview.Error is { } refusal)
            {
                await ExplainAsync(refusal, cancellationToken);
                return await ShownAsync(cancellationToken);
            }

            Prices = preview.Value.IsChange ? preview.Value : null;
        }

        Questions = EditQuestions.Of(stored, form, publish, words, show);
        IsToBePublished = publish;
        if (Answer.Length > 0 && Confirmed != Answer)
        {
            return await ShownAsync(cancellationToken);
        }

        var saved = Id is { } id
            ? await mediator.Send(
                new EditEvent(id, form, Revision, User.ToActor(), publish, Confirmed: Questions.Count > 0, Prices?.Version),
                cancellationToken
            )
            : await mediator.Send(new CreateEvent(form, User.ToActor()), cancellationToken);
        if (saved.Error is { } error)
        {
            await ExplainAsync(error, cancellationToken);
            return await ShownAsync(cancellationToken);
        }

        if (publish && Id is null)
        {
            return await PublishNewAsync(saved.Value, cancellationToken);
        }

        this.SayDone(words[publish ? "{0} is published." : "{0} is saved.", saved.Value.Name]);
        return RedirectToPage(publish ? "/Events/Watch" : "/Events/Edit", new { saved.Value.Id });
    }

    private async Task<IActionResult> PublishNewAsync(EventDetails made, CancellationToken cancellationToken)
    {
        var published = await mediator.Send(new PublishEvent(made.Id, User.ToActor()), cancellationToken);
        if (published.Error is not { } error)
        {
            this.SayDone(words["{0} is published.", made.Name]);
            return RedirectToPage("/Events/Watch", new { made.Id });
        }

        this.SayDone(words["{0} is saved.", made.Name]);
        this.SayFailed(words.Explain(error));
        return RedirectToPage("/Events/Edit", new { made.Id });
    }

    /// <summary>Deletes a draft, which nobody but staff has seen.</summary>
    [AllowedTo(Policies.Admin)]
    public async Task<IActionResult> OnPostDeleteAsync(CancellationToken cancellationToken)
    {
        var deleted = await mediator.Send(new DeleteDraft(Id.GetValueOrDefault(), User.ToActor()), cancellationToken);
        if (deleted.Error is { } error)
        {
            this.SayFailed(words.Explain(error));
            return RedirectToPage("/Events/Edit", new { Id });
        }

        this.SayDone(words["The draft is deleted."]);
        return RedirectToPage("/Events/Index");
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
        IsTyped = HttpMethods.IsPost(Request.Method);
        if (Id is { } id)
        {
            var form = await mediator.Send(new GetEventForm(id), cancellationToken);
            if (form.Error is not null)
            {
                return NotFound();
            }

            Event = EventTabs.Of(form.Value, EventTabs.Settings);
            var figures = await mediator.Send(new GetEventFigures.Query(id), cancellationToken);
            Figures = figures.IsSuccess ? figures.Value : null;
        }

        return Page();
    }
}
