using System.ComponentModel.DataAnnotations;
using System.Globalization;
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

/// <summary>One event, live, with its prices and its pricing policy.</summary>
internal sealed class WatchModel(IMediator mediator, LiveFigures live, IStringLocalizer<Words> words) : PageModel
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
        ["roundingUnit"] = "Round to (cents)",
    };

    private const int ChangesShown = 20;

    public EventDetailsForStaff Event { get; private set; } = null!;

    public string Figures { get; private set; } = "";

    public EventPricing Pricing { get; private set; } = null!;

    public PriceChart Chart { get; private set; } = null!;

    public IReadOnlyList<PriceChangeView> Changes { get; private set; } = [];

    public async Task<IActionResult> OnGetAsync(Guid id, CancellationToken cancellationToken)
    {
        var form = await mediator.Send(new GetEventForm(id), cancellationToken);
        var pricing = await mediator.Send(new GetPricing(id), cancellationToken);
        if (form.Error is not null || pricing.Error is not null)
        {
            return NotFound();
        }

        Event = new EventDetailsForStaff(id, form.Value.Form.Name, form.Value.Form.Venue, form.Value.Form.StartsAt, form.Value.Status);
        Pricing = pricing.Value;
        Chart = (await mediator.Send(new GetPriceChart(id), cancellationToken)).Value;
        Changes = (
            await mediator.Send(new GetPriceHistory(id, Limit: ChangesShown, Language: CultureInfo.CurrentUICulture), cancellationToken)
        )
            .Value
            .Items;
        Figures = await live.RenderAsync(id, LiveView.Here, cancellationToken);
        return Page();
    }

    /// <summary>What was typed into a form that was refused; otherwise the stored value.</summary>
    public string Typed(string field, string stored = "") =>
        ModelState.TryGetValue(field, out var typed) ? typed.AttemptedValue ?? "" : stored;

    public bool IsWrong(string field) => ModelState.GetFieldValidationState(field) == ModelValidationState.Invalid;

    [AllowedTo(Policies.Admin)]
    public Task<IActionResult> OnPostAdjustAsync(
        Guid id,
        [Required] decimal? percentage,
        string? note,
        CancellationToken cancellationToken
    ) =>
        SendAsync(
            id,
            new AdjustPrices(id, percentage.GetValueOrDefault(), User.ToActor(), string.IsNullOrWhiteSpace(note) ? null : note.Trim()),
            "The prices are adjusted.",
            "The percentage is not a number.",
            cancellationToken
        );

    /// <param name="replaces">The policy that the page showed, so that nobody overwrites a change of a colleague.</param>
    [AllowedTo(Policies.Admin)]
    public Task<IActionResult> OnPostPolicyAsync(
        Guid id,
        PolicyForm form,
        [Bind(Prefix = nameof(replaces))] PolicyForm replaces,
        CancellationToken cancellationToken
    ) =>
        SendAsync(
            id,
            new ChangePricingPolicy(id, form.ToPolicy(), User.ToActor(), replaces.ToPolicy()),
            "The policy is set.",
            "Something in the form is not right.",
            cancellationToken
        );

    [AllowedTo(Policies.Admin)]
    public async Task<IActionResult> OnPostPauseAsync(Guid id, bool paused, CancellationToken cancellationToken)
    {
        var pricing = await mediator.Send(new GetPricing(id), cancellationToken);
        return pricing.Error is not null
            ? NotFound()
            : await SendAsync(
                id,
                new ChangePricingPolicy(id, pricing.Value.Policy with { Paused = paused }, User.ToActor(), pricing.Value.Policy),
                paused ? "Prices stay as they are until you resume." : "Prices follow demand again.",
                "Something in the form is not right.",
                cancellationToken
            );
    }

    private async Task<IActionResult> SendAsync(
        Guid id,
        IRequest<Result<EventPricing>> change,
        string done,
        string notRight,
        CancellationToken cancellationToken
    )
    {
        if (!ModelState.IsValid)
        {
            return await ShowAgainAsync(id, words[notRight], cancellationToken);
        }

        switch ((await mediator.Send(change, cancellationToken)).Error)
        {
            case null:
                this.SayDone(words[done]);
                return RedirectToPage();
            case { Fields: { } fields }:
                var faults = new List<string>();
                foreach (var (path, texts) in fields)
                {
                    var field = path.Split('.')[^1];
                    var text = string.Join(' ', texts.Select(words.Rule));
                    ModelState.AddModelError(field, text);
                    faults.Add(Labels.TryGetValue(field, out var label) ? $"{words[label]}: {text}" : text);
                }

                return await ShowAgainAsync(id, string.Join(' ', faults), cancellationToken);
            case var error:
                this.SayFailed(words.Explain(error));
                return RedirectToPage();
        }
    }

    /// <summary>The present page, with what was typed still in its form.</summary>
    private Task<IActionResult> ShowAgainAsync(Guid id, string why, CancellationToken cancellationToken)
    {
        this.SayFailed(why);
        return OnGetAsync(id, cancellationToken);
    }

    internal sealed record EventDetailsForStaff(Guid Id, string Name, string Venue, DateTimeOffset StartsAt, EventStatus Status);

    /// <summary>A <see cref="PricingPolicy"/> as its form sends it.</summary>
    internal sealed class PolicyForm
    {
        public PricingMode Mode { get; set; }

        public bool Paused { get; set; }

        public bool AllowFalling { get; set; }

        public decimal MaxIncreasePercent { get; set; }

        public decimal MaxDecreasePercent { get; set; }

        public decimal SharePercent { get; set; }

        public decimal PacePercent { get; set; }

        public int WindowMinutes { get; set; }

        public decimal MaxStepPercent { get; set; }

        public int StepSeconds { get; set; }

        public decimal BandPercent { get; set; }

        public int RoundingUnit { get; set; }

        public PricingPolicy ToPolicy() =>
            new(
                Mode,
                Paused,
                AllowFalling,
                MaxIncreasePercent,
                MaxDecreasePercent,
                SharePercent,
                PacePercent,
                WindowMinutes,
                MaxStepPercent,
                StepSeconds,
                BandPercent,
                RoundingUnit
            );
    }
}
