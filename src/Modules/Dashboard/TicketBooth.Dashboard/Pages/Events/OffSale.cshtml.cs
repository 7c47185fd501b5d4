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
    private const int MostTickets = 10_000;

    public EventTabs Event { get; private set; } = null!;

    /// <summary>The tiers of the event, for the choice of one.</summary>
    public IReadOnlyList<TierForm> Tiers { get; private set; } = [];

    private IReadOnlyDictionary<Guid, IReadOnlyList<TicketRange>> Numbers { get; set; } =
        new Dictionary<Guid, IReadOnlyList<TicketRange>>();

    public Page<TicketBlockView> Blocks { get; private set; } = new([], null);

    [BindProperty]
    public BlockInput Input { get; set; } = new();

    /// <summary>What a form that was typed would block; null when there is nothing to confirm.</summary>
    public TicketBlockPreview? Preview { get; private set; }

    /// <summary>As the form takes them: <c>1-20, 81-90</c>. Nobody else tells staff which row a number is in.</summary>
    public string NumbersOf(TierForm tier) =>
        tier?.Id is { } id && Numbers.TryGetValue(id, out var ranges)
            ? string.Join(
                ", ",
                ranges.Select(range =>
                    range.Count == 1
                        ? range.First.ToString(CultureInfo.InvariantCulture)
                        : FormattableString.Invariant($"{range.First}-{range.First + range.Count - 1}")
                )
            )
            : "–";

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
        if (isByTier == string.IsNullOrWhiteSpace(Input.Quantity))
        {
            ModelState.AddModelError(
                "",
                words[isByTier ? Words.OfErrors["tier-not-found"] : "Type ticket numbers, or how many of a tier: not both."]
            );
        }

        var quantity = 0;
        if (isByTier && !string.IsNullOrWhiteSpace(Input.Quantity) && !TryRead(Input.Quantity, out quantity))
        {
            ModelState.AddModelError("", words["How many: a whole number from 1 to {0}.", Show.Number(MostTickets)]);
        }

        if (ModelState.IsValid)
        {
            var preview = await mediator.Send(
                new PreviewTicketBlock(id, isByTier ? null : Input.Numbers, isByTier ? Input.TierId : null, isByTier ? quantity : null),
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
                blocked.Value.Kind == TicketBlockKind.Kill ? "Tickets withdrawn for good: {0}." : "Tickets put on hold: {0}.",
                Show.Number(blocked.Value.Tickets)
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
            this.SayDone(words["Tickets released: {0}.", Show.Number(released.Value.Tickets)]);
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
        Numbers = form.Value.Numbers;
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
            { Figures: { } figures } => words[
                "Tickets of this tier that can be taken off sale now: {0}.",
                Show.Number(figures.Values.Sum())
            ],
            { Fields: { } fields } when fields.ContainsKey("numbers") => words[
                "Write ticket numbers and ranges of them, separated by commas, for example 1-20, 35."
            ],
            _ => words.ExplainFields(error),
        };

    private static bool TryRead(string typed, out int quantity) =>
        int.TryParse(typed.Trim(), NumberStyles.None, CultureInfo.InvariantCulture, out quantity) && quantity is > 0 and <= MostTickets;

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

        public string? Quantity { get; set; }

        public string? Reason { get; set; }
    }
}
