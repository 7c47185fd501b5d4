using System.Globalization;
using MediatR;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;
using Microsoft.Extensions.Localization;
using TicketBooth.Booking.Contracts;
using TicketBooth.BuildingBlocks.Kernel;
using TicketBooth.BuildingBlocks.Web;
using TicketBooth.Dashboard.Shell;
using TicketBooth.Events.Contracts;

namespace TicketBooth.Dashboard.Pages.Events;

/// <summary>
/// The tickets of one event that staff took off sale. What is to be blocked is shown first: a form that is sent for the first time changes
/// nothing, and the confirmation blocks the tickets that were shown and no others.
/// </summary>
[Authorize(Policies.Admin)]
internal sealed class OffSaleModel(IMediator mediator, IStringLocalizer<Words> words) : PageModel
{
    private const int NumbersNamed = 20;

    public EventTabs Event { get; private set; } = null!;

    /// <summary>The tiers of the event, for the choice of one.</summary>
    public IReadOnlyList<TierForm> Tiers { get; private set; } = [];

    public Page<TicketBlockView> Blocks { get; private set; } = new([], null);

    [BindProperty]
    public BlockInput Input { get; set; } = new();

    /// <summary>What a form that was typed would block; null when there is nothing to confirm.</summary>
    public TicketBlockPreview? Preview { get; private set; }

    public Task<IActionResult> OnGetAsync(Guid id, string? cursor, CancellationToken cancellationToken) =>
        ShownAsync(id, cursor, cancellationToken);

    /// <summary>Shows which tickets would be blocked. Changes nothing.</summary>
    [AllowedTo(Policies.Admin)]
    public async Task<IActionResult> OnPostPreviewAsync(Guid id, CancellationToken cancellationToken)
    {
        if (string.IsNullOrWhiteSpace(Input.Reason))
        {
            ModelState.AddModelError("", words["Say why: others will ask."]);
        }

        var isByTier = string.IsNullOrWhiteSpace(Input.Numbers);
        if (ModelState.IsValid)
        {
            var preview = await mediator.Send(
                new PreviewTicketBlock(
                    id,
                    isByTier ? null : Input.Numbers,
                    isByTier ? Input.TierId : null,
                    isByTier ? Input.Quantity : null
                ),
                cancellationToken
            );
            if (preview.Error is { } error)
            {
                ModelState.AddModelError("", Explain(error));
            }
            else
            {
                Preview = preview.Value;
            }
        }

        return await ShownAsync(id, cursor: null, cancellationToken);
    }

    /// <summary>Blocks the tickets that were shown.</summary>
    [AllowedTo(Policies.Admin)]
    public async Task<IActionResult> OnPostBlockAsync(Guid id, CancellationToken cancellationToken)
    {
        var blocked = await mediator.Send(
            new BlockTickets(id, Input.Kind, Input.Numbers ?? "", null, null, Input.Reason ?? "", User.ToActor()),
            cancellationToken
        );
        if (blocked.Error is { } error)
        {
            ModelState.AddModelError("", Explain(error));
            return await ShownAsync(id, cursor: null, cancellationToken);
        }

        this.SayDone(
            words[
                blocked.Value.Kind == TicketBlockKind.Kill ? "{0} tickets are withdrawn for good." : "{0} tickets are on hold.",
                blocked.Value.Tickets
            ]
        );
        return RedirectToPage(EventTabs.OffSale, new { id });
    }

    [AllowedTo(Policies.Admin)]
    public async Task<IActionResult> OnPostReleaseAsync(Guid id, Guid blockId, CancellationToken cancellationToken)
    {
        var released = await mediator.Send(new ReleaseTicketBlock(id, blockId, User.ToActor()), cancellationToken);
        if (released.Error is { } error)
        {
            this.SayFailed(Explain(error));
        }
        else
        {
            this.SayDone(words["{0} tickets are on sale again.", released.Value.Tickets]);
        }

        return RedirectToPage(EventTabs.OffSale, new { id });
    }

    private async Task<IActionResult> ShownAsync(Guid id, string? cursor, CancellationToken cancellationToken)
    {
        var form = await mediator.Send(new GetEventForm(id), cancellationToken);
        if (form.Error is not null)
        {
            return NotFound();
        }

        Event = EventTabs.Of(form.Value, EventTabs.OffSale);
        Tiers = form.Value.Form.Tiers;
        if (!Event.IsDraft)
        {
            var blocks = await mediator.Send(new ListTicketBlocks(id, cursor), cancellationToken);
            if (blocks.Error is not null)
            {
                return NotFound();
            }

            Blocks = blocks.Value;
        }

        return Page();
    }

    private string Explain(Error error) =>
        error switch
        {
            { IdLists: { } lists } => words[
                "These tickets are sold, awaiting payment or off sale already: {0}. Nothing was changed.",
                Name(lists)
            ],
            { Figures: { } figures } => words["Only {0} tickets of this tier can be taken off sale now.", figures.Values.Sum()],
            _ => words.Explain(error),
        };

    private static string Name(IReadOnlyDictionary<string, IReadOnlyList<Guid>> lists)
    {
        var tickets = lists.Values.SelectMany(ids => ids).ToList();
        var named = tickets
            .Take(NumbersNamed)
            .Select(id => TaggedId.TryReadTag(id, out var number) ? number.ToString(CultureInfo.CurrentCulture) : id.ToString());
        return string.Join(", ", named) + (tickets.Count > NumbersNamed ? ", …" : "");
    }

    /// <summary>What was typed.</summary>
    internal sealed class BlockInput
    {
        public TicketBlockKind Kind { get; set; }

        public string? Numbers { get; set; }

        public Guid? TierId { get; set; }

        public int? Quantity { get; set; }

        public string? Reason { get; set; }
    }
}
