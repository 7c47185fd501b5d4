using TicketBooth.BuildingBlocks.Kernel;
using TicketBooth.BuildingBlocks.Web;
using TicketBooth.Events.Contracts;
using TicketBooth.Events.Pricing;

namespace TicketBooth.Events.Domain;

/// <summary>An event with its tiers at one revision. Immutable: every rule takes one and gives the next.</summary>
/// <param name="Version">1 when it was made, one more with every change of any kind but sales: the change that is written follows the one before it.</param>
/// <param name="Revision">1 when it was made, one more with every change by a person's edit; prices that move do not count, so they refuse nobody's edit.</param>
/// <param name="PublishedAt">When the sale opens; always there once the event is published.</param>
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
    IReadOnlyList<Tier> Tiers
)
{
    private const string DefaultCurrency = "BRL";

    public int Released => Tiers.Sum(tier => tier.Released);

    public EventPhase Phase => new(IsPublished, IsCanceled, StartsAt, EndsSellingAt);

    /// <summary>A new draft. Tickets are numbered from 1, tier after tier.</summary>
    public static Event Create(EventForm form, DateTimeOffset now) =>
        new Event(
            TaggedId.NewBase(now),
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
        ).With(form, LaidOut(form.Tiers, [], PricingPolicy.Off, now));

    /// <summary>
    /// The event after an edit. A published event keeps its currency and its shard (<see cref="Large"/>), and none of its tiers loses a ticket:
    /// somebody may hold it.
    /// </summary>
    public Result<Event> Edit(EventForm form, DateTimeOffset now)
    {
        if (IsCanceled)
        {
            return EventErrors.Canceled;
        }

        if (Phase.StatusAt(now) == EventStatus.Ended)
        {
            return EventErrors.Ended;
        }

        if (MatchesOf(form) is not { } matches)
        {
            return EventErrors.Invalid("tiers", "A tier has an id that this event does not know.");
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
            return EventErrors.Invalid("currency", "The currency of a published event cannot change.");
        }

        if ((form.PublishedAt ?? PublishedAt) >= form.EndsSellingAt)
        {
            return EventErrors.Invalid("endsSellingAt", "The sale must close after it opens.");
        }

        return Tiers.Except(matches.OfType<Tier>()).Any() || matches.Zip(form.Tiers).Any(pair => pair.Second.Tickets < pair.First?.Released)
            ? EventErrors.TicketsReleased
            : With(form, Extended(form.Tiers, matches, now)) with
            {
                Version = Version + 1,
                Revision = Revision + 1,
            };
    }

    /// <summary>The published event; itself when it is published already.</summary>
    public Result<Event> Publish(DateTimeOffset now)
    {
        if (IsCanceled)
        {
            return EventErrors.Canceled;
        }

        if (IsPublished)
        {
            return this;
        }

        return now >= EndsSellingAt
            ? EventErrors.SaleOver
            : this with
            {
                Version = Version + 1,
                Revision = Revision + 1,
                IsPublished = true,
                PublishedAt = PublishedAt ?? now,
            };
    }

    /// <summary>The canceled event; itself when it is canceled already. A canceled draft stays unseen.</summary>
    public Event Cancel() => IsCanceled ? this : this with { Version = Version + 1, Revision = Revision + 1, IsCanceled = true };

    private static Tier TierOf(TierForm form, Tier? known, IReadOnlyList<TicketRange> tickets, PricingPolicy policy, DateTimeOffset now) =>
        new(
            known?.Id ?? Guid.CreateVersion7(now),
            form.Name.Trim(),
            TierPricing.Edited(known?.Pricing, form, policy),
            tickets,
            known?.Held ?? 0,
            known?.Sold ?? 0
        );

    /// <summary>Tiers whose tickets are numbered anew: only while nobody has seen a number.</summary>
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

    /// <summary>Tiers that keep their numbers; what they gain is numbered after everything else.</summary>
    private List<Tier> Extended(IReadOnlyList<TierForm> forms, IReadOnlyList<Tier?> matches, DateTimeOffset now)
    {
        var next = Released + 1;
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
            Tiers = tiers,
        };

    /// <summary>For each tier of the form the tier that it means, null for a new one. Null altogether when an id is not one of ours.</summary>
    /// <remarks>A name stands for a tier only when no id in the form claims that tier: renaming A to B beside a new A is two tiers.</remarks>
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

/// <summary>What decides an event's status.</summary>
internal readonly record struct EventPhase(bool IsPublished, bool IsCanceled, DateTimeOffset StartsAt, DateTimeOffset EndsSellingAt)
{
    /// <summary>When a published event is over: tickets may be sold at the door after the start.</summary>
    private DateTimeOffset EndsAt => StartsAt > EndsSellingAt ? StartsAt : EndsSellingAt;

    public EventStatus StatusAt(DateTimeOffset now)
    {
        if (IsCanceled)
        {
            return EventStatus.Canceled;
        }

        if (!IsPublished)
        {
            return EventStatus.Draft;
        }

        return now >= EndsAt ? EventStatus.Ended : EventStatus.Published;
    }

    /// <summary>The moment from which <see cref="StatusAt"/> answers otherwise than it does <paramref name="now"/>, when nobody changes the event.</summary>
    public DateTimeOffset StatusHoldsUntil(DateTimeOffset now) => StatusAt(now) == EventStatus.Published ? EndsAt : DateTimeOffset.MaxValue;
}
