using System.ComponentModel.DataAnnotations;
using System.Globalization;
using System.Text.Json;
using MediatR;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.ModelBinding;
using Microsoft.AspNetCore.Mvc.RazorPages;
using Microsoft.Extensions.Localization;
using TicketBooth.BuildingBlocks.Kernel;
using TicketBooth.BuildingBlocks.Web;
using TicketBooth.Dashboard.Live;
using TicketBooth.Dashboard.Shell;
using TicketBooth.Events.Contracts;

namespace TicketBooth.Dashboard.Pages.Events;

/// <summary>
/// The prices of one event. Every change is shown before it is made: a form that is sent for the first time changes nothing.
/// </summary>
internal sealed class PricesModel(IMediator mediator, LiveFigures live, IStringLocalizer<Words> words) : PageModel
{
    /// <summary>The labels of the fields of its forms.</summary>
    public static readonly IReadOnlyDictionary<string, string> Labels = new Dictionary<string, string>(StringComparer.Ordinal)
    {
        ["percentage"] = "Percent, for example 10 or -5",
        ["note"] = "Note (optional)",
        ["maxIncreasePercent"] = "Largest increase by demand (percent of the base price)",
        ["maxDecreasePercent"] = "Largest decrease by demand (percent)",
        ["sharePercent"] = "Increase when sold out (percent)",
        ["pacePercent"] = "Increase at 2.7 times the sell-out pace (percent)",
        ["windowMinutes"] = "Window of the pace (minutes)",
        ["maxStepPercent"] = "Largest step (percent)",
        ["stepSeconds"] = "Shortest time between steps (seconds)",
        ["bandPercent"] = "Ignored differences (percent)",
        ["roundingUnit"] = "Round prices to (amount)",
    };

    private const int ChangesShown = 20;
    private const string ChangedMeanwhile = "prices-changed";

    public EventTabs Event { get; private set; } = null!;

    public string Figures { get; private set; } = "";

    public EventPricing Pricing { get; private set; } = null!;

    public PriceChart Chart { get; private set; } = null!;

    public IReadOnlyList<PriceChangeView> Changes { get; private set; } = [];

    /// <summary>What an adjustment that was typed would do.</summary>
    public PricePreview? Adjustment { get; private set; }

    /// <summary>What a policy that was typed would do.</summary>
    public PolicyPreview? Policy { get; private set; }

    /// <summary>What the button sends that makes the change: it makes the change that was shown, and no other.</summary>
    public string Shown { get; private set; } = "";

    /// <summary>The preset that was chosen; null when the page was only opened.</summary>
    public string? Preset { get; private set; }

    /// <summary>The form that was sent; null when the page was only opened.</summary>
    public string? Sent { get; private set; }

    public async Task<IActionResult> OnGetAsync(Guid id, CancellationToken cancellationToken)
    {
        var form = await mediator.Send(new GetEventForm(id), cancellationToken);
        var pricing = await mediator.Send(new GetPricing(id), cancellationToken);
        if (form.Error is not null || pricing.Error is not null)
        {
            return NotFound();
        }

        Event = EventTabs.Of(form.Value, EventTabs.Prices);
        Pricing = pricing.Value;
        Chart = (await mediator.Send(new GetPriceChart(id), cancellationToken)).Value;
        var history = new GetPriceHistory(id, Limit: ChangesShown, Language: CultureInfo.CurrentUICulture);
        Changes = (await mediator.Send(history, cancellationToken)).Value.Items;
        Figures = await live.RenderAsync(id, LiveView.Here, cancellationToken);
        return Page();
    }

    /// <summary>What was typed into a form; otherwise the stored value.</summary>
    public string Typed(string field, string stored = "") =>
        ModelState.TryGetValue(field, out var typed) ? typed.AttemptedValue ?? "" : stored;

    public bool IsWrong(string field) => ModelState.GetFieldValidationState(field) == ModelValidationState.Invalid;

    /// <param name="shown">What <see cref="Shown"/> was when the change was confirmed; null to see it first.</param>
    [AllowedTo(Policies.Admin)]
    public async Task<IActionResult> OnPostAdjustAsync(
        Guid id,
        [Required] decimal? percentage,
        string? note,
        string? shown,
        CancellationToken cancellationToken
    )
    {
        Sent = "Adjust";
        if (!ModelState.IsValid)
        {
            return await ShowAgainAsync(id, words["The percentage is not a number."], cancellationToken);
        }

        var preview = await mediator.Send(new PreviewAdjustment(id, percentage!.Value), cancellationToken);
        if (preview.Error is { } error)
        {
            return await RefuseAsync(id, error, cancellationToken);
        }

        Adjustment = preview.Value;
        Shown = FormattableString.Invariant($"{preview.Value.Version}:{percentage:0.00}");
        return shown == Shown
            ? await ChangeAsync(
                id,
                new AdjustPrices(
                    id,
                    percentage.Value,
                    User.ToActor(),
                    note?.Trim() is { Length: > 0 } why ? why : null,
                    Version: preview.Value.Version
                ),
                "The prices are adjusted.",
                cancellationToken
            )
            : await ShowPreviewAsync(id, shown, cancellationToken);
    }

    /// <param name="replaces">The policy that the page showed, so that nobody overwrites a change of a colleague.</param>
    /// <param name="shown">What <see cref="Shown"/> was when the change was confirmed; null to see it first.</param>
    [AllowedTo(Policies.Admin)]
    public async Task<IActionResult> OnPostPolicyAsync(
        Guid id,
        PolicyForm form,
        [Bind(Prefix = nameof(replaces))] PolicyForm replaces,
        string? shown,
        CancellationToken cancellationToken
    )
    {
        Sent = "Policy";
        if (!ModelState.IsValid)
        {
            return await ShowAgainAsync(id, words["Something in the form is not right."], cancellationToken);
        }

        var stored = await mediator.Send(new GetPricing(id), cancellationToken);
        if (stored.Error is not null)
        {
            return NotFound();
        }

        // What was typed was meant for another policy, and the page is about to show the present one.
        if (stored.Value.Policy != replaces.ToPolicy(stored.Value.Currency))
        {
            return await ShowAgainAsync(id, words[Words.OfErrors["policy-changed"]], cancellationToken);
        }

        if (form.Wanted(stored.Value.Policy, stored.Value.Currency) is not { } policy)
        {
            return await RefuseAsync(id, PolicyForm.NoRoundingUnit, cancellationToken);
        }

        Preset = PricingPresets.NameOf(policy);
        var preview = await PolicyPreview.OfAsync(mediator, id, policy, words, cancellationToken);
        if (preview.Error is { } error)
        {
            return await RefuseAsync(id, error, cancellationToken);
        }

        Policy = preview.Value;
        Shown = FormattableString.Invariant($"{preview.Value.Prices.Version}:{JsonSerializer.Serialize(policy)}");
        return shown == Shown
            ? await ChangeAsync(
                id,
                new ChangePricingPolicy(id, policy, User.ToActor(), stored.Value.Policy, preview.Value.Prices.Version),
                "The policy is set.",
                cancellationToken
            )
            : await ShowPreviewAsync(id, shown, cancellationToken);
    }

    [AllowedTo(Policies.Admin)]
    public async Task<IActionResult> OnPostPauseAsync(Guid id, bool paused, CancellationToken cancellationToken)
    {
        var pricing = await mediator.Send(new GetPricing(id), cancellationToken);
        return pricing.Error is not null
            ? NotFound()
            : await ChangeAsync(
                id,
                new ChangePricingPolicy(id, pricing.Value.Policy with { Paused = paused }, User.ToActor(), pricing.Value.Policy),
                paused ? "Prices stay as they are until you resume." : "Prices follow demand again.",
                cancellationToken
            );
    }

    /// <param name="changedAt">Which change is taken back, so that it is the one that the page showed.</param>
    [AllowedTo(Policies.Admin)]
    public Task<IActionResult> OnPostUndoAsync(Guid id, DateTimeOffset changedAt, CancellationToken cancellationToken) =>
        ChangeAsync(id, new UndoPriceChange(id, changedAt, User.ToActor()), "The change is taken back.", cancellationToken);

    private async Task<IActionResult> ChangeAsync(
        Guid id,
        IRequest<Result<EventPricing>> change,
        string done,
        CancellationToken cancellationToken
    )
    {
        if ((await mediator.Send(change, cancellationToken)).Error is { } error)
        {
            return await RefuseAsync(id, error, cancellationToken);
        }

        this.SayDone(words[done]);
        return RedirectToPage();
    }

    private Task<IActionResult> ShowPreviewAsync(Guid id, string? shown, CancellationToken cancellationToken) =>
        shown is null ? OnGetAsync(id, cancellationToken) : ShowAgainAsync(id, words[Words.OfErrors[ChangedMeanwhile]], cancellationToken);

    private Task<IActionResult> RefuseAsync(Guid id, Error error, CancellationToken cancellationToken)
    {
        if (error.Fields is not { } fields)
        {
            return ShowAgainAsync(id, words.Explain(error), cancellationToken);
        }

        var faults = new List<string>();
        foreach (var (path, texts) in fields)
        {
            var name = path.Split('.')[^1];
            var text = string.Join(' ', texts.Select(words.Rule));
            ModelState.AddModelError(name, text);
            faults.Add(Labels.TryGetValue(name, out var label) ? $"{words[label]}: {text}" : text);
        }

        return ShowAgainAsync(id, string.Join(' ', faults), cancellationToken);
    }

    /// <summary>The present page, with what was typed still in its form.</summary>
    private Task<IActionResult> ShowAgainAsync(Guid id, string why, CancellationToken cancellationToken)
    {
        this.SayFailed(why);
        return OnGetAsync(id, cancellationToken);
    }
}
