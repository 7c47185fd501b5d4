using System.ComponentModel.DataAnnotations;
using MediatR;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;
using Microsoft.Extensions.Localization;
using TicketBooth.BuildingBlocks.Results;
using TicketBooth.BuildingBlocks.Web;
using TicketBooth.Dashboard.Live;
using TicketBooth.Dashboard.Shell;
using TicketBooth.Events.Contracts;

namespace TicketBooth.Dashboard.Pages.Events;

/// <summary>One event, live, with its prices and what steers them.</summary>
internal sealed class WatchModel(IMediator mediator, LiveFigures live, IStringLocalizer<Words> words) : PageModel
{
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
        Changes = (await mediator.Send(new GetPriceHistory(id, Limit: ChangesShown), cancellationToken)).Value.Items;
        Figures = await live.DrawAsync(id, LiveView.Here, cancellationToken);
        return Page();
    }

    [AllowedTo(Policies.Admin)]
    public async Task<IActionResult> OnPostAdjustAsync(Guid id, [Required] decimal? percentage, string? note, CancellationToken cancellationToken) =>
        percentage is { } given
            ? Told(await mediator.Send(new AdjustPrices(id, given, User.ToActor(), string.IsNullOrWhiteSpace(note) ? null : note.Trim()), cancellationToken), "The prices are adjusted.")
            : Refused(words["The percentage is not a number."]);

    [AllowedTo(Policies.Admin)]
    public async Task<IActionResult> OnPostPolicyAsync(Guid id, PolicyForm form, CancellationToken cancellationToken) => ModelState.IsValid
        ? Told(await mediator.Send(new ChangePricingPolicy(id, form.ToPolicy(), User.ToActor()), cancellationToken), "The policy is set.")
        : Refused(words["Something in the form is not right."]);

    [AllowedTo(Policies.Admin)]
    public async Task<IActionResult> OnPostPauseAsync(Guid id, bool paused, CancellationToken cancellationToken)
    {
        var pricing = await mediator.Send(new GetPricing(id), cancellationToken);
        return pricing.Error is { } error
            ? Refused(words.Explain(error))
            : Told(
                await mediator.Send(new ChangePricingPolicy(id, pricing.Value.Policy with { Paused = paused }, User.ToActor()), cancellationToken),
                paused ? "Prices stay as they are until you resume." : "Prices follow demand again.");
    }

    private RedirectToPageResult Told(Result<EventPricing> changed, string done)
    {
        if (changed.Error is { } error)
        {
            return Refused(error.Fields is { } fields ? string.Join(' ', fields.SelectMany(field => field.Value)) : words.Explain(error));
        }

        this.SayDone(words[done]);
        return RedirectToPage();
    }

    private RedirectToPageResult Refused(string why)
    {
        this.SayFailed(why);
        return RedirectToPage();
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

        public PricingPolicy ToPolicy() => new(
            Mode, Paused, AllowFalling, MaxIncreasePercent, MaxDecreasePercent, SharePercent, PacePercent, WindowMinutes, MaxStepPercent, StepSeconds, BandPercent, RoundingUnit);
    }
}
