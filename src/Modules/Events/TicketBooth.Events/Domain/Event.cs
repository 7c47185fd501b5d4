using TicketBooth.BuildingBlocks.Kernel;
using TicketBooth.Events.Contracts;
using TicketBooth.Events.Domain.Pricing;

namespace TicketBooth.Events.Domain;

/// <summary>An event with its tiers at one version. Immutable: every rule takes one and returns the next.</summary>
/// <param name="Version">
/// 1 at first, one more with every change but ticket updates. A change is written only over the version that it was decided on.
/// </param>
/// <param name="Revision">
/// 1 at first, one more with every edit, publication or cancellation. Prices that move do not count: they are no reason to refuse an edit.
/// </param>
/// <param name="PublishedAt">When the sale opens; set at the latest when the event is published.</param>
/// <param name="Undo">What takes back the last change of prices by staff; null when there was none.</param>
internal sealed record Event(
    Guid Id,
    long Version,
    long Revision,
    bool IsPublished,
    bool IsCanceled,
    string Name,
    string Venue,
    string Description,
    DateTimeOffset StartsAt,
    DateTimeOffset? PublishedAt,
    DateTimeOffset EndsSellingAt,
    int Capacity,
    string Currency,
    bool Large,
    PricingPolicy Policy,
    IReadOnlyList<Tier> Tiers,
    PriceUndo? Undo = null
)
{
    /// <summary>How many operations are remembered: more than anybody makes of one event while one of them waits to be repeated.</summary>
    public const int MostOperations = 100;

    private const string DefaultCurrency = "BRL";

    /// <summary>
    /// The operations that changed it last, the newest at the end: repeated, they change nothing. Written with what they changed, so it
    /// is known whether they happened, also after a crash.
    /// </summary>
    public IReadOnlyList<Guid> Operations { get; init; } = [];

    /// <summary>When it was changed last.</summary>
    public DateTimeOffset ChangedAt { get; init; }

    /// <summary>When an order last took its tickets, or gave them back, as far as is known. Written by ticket updates.</summary>
    public DateTimeOffset OrderedAt { get; init; }

    /// <summary>The tickets that staff took off sale, and what once was off sale.</summary>
    public IReadOnlyList<KnownBlock> Blocks { get; init; } = [];

    public RefundRule Refunds { get; init; } = RefundRule.Default;

    public int Released => Tiers.Sum(tier => tier.Released);

    /// <summary>How many tickets are on payment or sold.</summary>
    public int Taken => Tiers.Sum(tier => tier.Held + tier.Sold);

    public EventPhase Phase => new(IsPublished, IsCanceled, StartsAt, EndsSellingAt);

    /// <summary>A new draft. Tickets are numbered from 1, tier after tier.</summary>
    /// <param name="form">What an administrator entered.</param>
    /// <param name="now">The time.</param>
    /// <param name="id">Null for a new one.</param>
    public static Event Create(EventForm form, DateTimeOffset now, Guid? id = null) =>
        new Event(
            id ?? TaggedId.NewBase(now),
            1,
            1,
            false,
            false,
            "",
            "",
            "",
            default,
            null,
            default,
            0,
            form.Currency ?? DefaultCurrency,
            form.Large,
            PricingPolicy.Off,
            []
        ).With(form, LaidOut(form.Tiers, [], PricingPolicy.Off, now)) with
        {
            ChangedAt = now,
        };

    /// <summary>The event after an edit. A published one keeps its currency, its shard (<see cref="Large"/>) and its tickets.</summary>
    public Result<Event> Edit(EventForm form, DateTimeOffset now)
    {
        if (IsCanceled)
        {
            return EventsErrors.Canceled;
        }

        if (Phase.StatusAt(now) == EventStatus.Ended)
        {
            return EventsErrors.Ended;
        }

        if (EventTimes.WhyNot(this, form, now) is { } error)
        {
            return error;
        }

        if (MatchesOf(form) is not { } matches)
        {
            return EventsErrors.Invalid("tiers", "A tier has an id that this event does not know.");
        }

        if (!IsPublished)
        {
            return With(form, LaidOut(form.Tiers, matches, Policy, now)) with
            {
                Version = Version + 1,
                Revision = Revision + 1,
                PublishedAt = form.PublishedAt?.ToUniversalTime(),
                Currency = form.Currency ?? Currency,
                Large = form.Large,
            };
        }

        if (form.Currency is not null && form.Currency != Currency)
        {
            return EventsErrors.Invalid("currency", "The currency of a published event cannot change.");
        }

        if ((form.PublishedAt ?? PublishedAt) >= form.EndsSellingAt)
        {
            return EventsErrors.Invalid("endsSellingAt", "The sale must close after it opens.");
        }

        if (Tiers.Sum(tier => tier.Withdrawn) + form.Tiers.Sum(tier => tier.Tickets) > ushort.MaxValue)
        {
            return EventsErrors.Invalid("tiers", "So many tickets were withdrawn that there are no numbers left for new ones.");
        }

        return Tiers.Except(matches.OfType<Tier>()).Any() || matches.Zip(form.Tiers).Any(pair => pair.Second.Tickets < pair.First?.Released)
            ? EventsErrors.TicketsReleased
            : With(form, Extended(form.Tiers, matches, now)) with
            {
                Version = Version + 1,
                Revision = Revision + 1,
            };
    }

    /// <summary>The event once published; unchanged when it is published already.</summary>
    public Result<Event> Publish(DateTimeOffset now)
    {
        if (IsCanceled)
        {
            return EventsErrors.Canceled;
        }

        if (IsPublished)
        {
            return this;
        }

        return now >= EndsSellingAt ? EventsErrors.SaleOver
            : now >= StartsAt ? EventsErrors.StartPassed
            : this with { Version = Version + 1, Revision = Revision + 1, IsPublished = true, PublishedAt = PublishedAt ?? now };
    }

    /// <summary>The event once canceled; unchanged when it is canceled already. A canceled draft stays hidden.</summary>
    public Event Cancel() => IsCanceled ? this : this with { Version = Version + 1, Revision = Revision + 1, IsCanceled = true };

    private static Tier TierOf(TierForm form, Tier? known, IReadOnlyList<TicketRange> tickets, PricingPolicy policy, DateTimeOffset now) =>
        new(
            known?.Id ?? Guid.CreateVersion7(now),
            form.Name.Trim(),
            TierPricing.Edited(known?.Pricing, form, policy),
            tickets,
            known?.Held ?? 0,
            known?.Sold ?? 0
        )
        {
            OffSale = known?.OffSale ?? 0,
            Withdrawn = known?.Withdrawn ?? 0,
        };

    /// <summary>Tiers whose tickets are numbered from 1 on: only for a draft, whose numbers nobody has seen.</summary>
    private static List<Tier> LaidOut(IReadOnlyList<TierForm> forms, IReadOnlyList<Tier?> matches, PricingPolicy policy, DateTimeOffset now)
    {
        var next = 1;
        var tiers = new List<Tier>(forms.Count);
        for (var i = 0; i < forms.Count; i++)
        {
            tiers.Add(TierOf(forms[i], matches.ElementAtOrDefault(i), [new TicketRange(next, forms[i].Tickets)], policy, now));
            next += forms[i].Tickets;
        }

        return tiers;
    }

    /// <summary>Tiers that keep their numbers; tickets that they gain are numbered after all others.</summary>
    private List<Tier> Extended(IReadOnlyList<TierForm> forms, IReadOnlyList<Tier?> matches, DateTimeOffset now)
    {
        var next = Tiers.Sum(tier => tier.Numbers) + 1;
        var tiers = new List<Tier>(forms.Count);
        for (var i = 0; i < forms.Count; i++)
        {
            IReadOnlyList<TicketRange> tickets = matches[i]?.Tickets ?? [];
            var gained = forms[i].Tickets - (matches[i]?.Released ?? 0);
            if (gained > 0)
            {
                tickets = [.. tickets, new TicketRange(next, gained)];
                next += gained;
            }

            tiers.Add(TierOf(forms[i], matches[i], tickets, Policy, now));
        }

        return tiers;
    }

    private Event With(EventForm form, IReadOnlyList<Tier> tiers) =>
        this with
        {
            Name = form.Name.Trim(),
            Venue = form.Venue.Trim(),
            Description = form.Description ?? "",
            StartsAt = form.StartsAt.ToUniversalTime(),
            PublishedAt = form.PublishedAt?.ToUniversalTime() ?? PublishedAt,
            EndsSellingAt = form.EndsSellingAt.ToUniversalTime(),
            Capacity = form.Capacity,
            Refunds = Refunds.With(form),
            Tiers = tiers,
        };

    /// <summary>For each tier of the form the tier that it means, null for a new one; null altogether when an id is unknown.</summary>
    /// <remarks>A name means a tier only when no id in the form does: renaming tier A to B and adding a new A makes two tiers.</remarks>
    private List<Tier?>? MatchesOf(EventForm form)
    {
        var byId = Tiers.ToDictionary(tier => tier.Id);
        if (form.Tiers.Any(tier => tier.Id is { } id && !byId.ContainsKey(id)))
        {
            return null;
        }

        var claimed = form.Tiers.Select(tier => tier.Id).OfType<Guid>().ToHashSet();
        var byName = Tiers.Where(tier => !claimed.Contains(tier.Id)).ToDictionary(tier => tier.Name, StringComparer.OrdinalIgnoreCase);
        return [.. form.Tiers.Select(tier => tier.Id is { } id ? byId[id] : byName.GetValueOrDefault(tier.Name.Trim()))];
    }
}
