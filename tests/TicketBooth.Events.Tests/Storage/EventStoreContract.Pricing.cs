using TicketBooth.BuildingBlocks.Kernel;
using TicketBooth.BuildingBlocks.Messaging.Outbox;
using TicketBooth.Events.Contracts;
using TicketBooth.Events.Domain;
using TicketBooth.Events.Domain.Pricing;
using TicketBooth.Events.Storage;

namespace TicketBooth.Events.Tests.Storage;

/// <summary>What a store keeps of prices, policies and demand.</summary>
internal abstract partial class EventStoreContract
{
    private protected static readonly Actor Ana = new(Guid.Parse("019a3f60-0000-7000-8000-000000000001"), "Ana Böhm");

    private static readonly PricingPolicy ByDemand = new(
        PricingMode.Demand, AllowFalling: true, MaxIncreasePercent: 33.25m, MaxDecreasePercent: 10, SharePercent: 12.5m, PacePercent: 7, WindowMinutes: 30, MaxStepPercent: 0.1m,
        StepSeconds: 45, BandPercent: 0, RoundingUnit: 25);

    [Test]
    public async Task Gives_back_what_a_price_is_made_of_and_the_policy()
    {
        var moved = Sample.Now.AddTicks(1);
        var shown = Sample.Published(Sample.Tier("Front", floor: 8_000, ceiling: 30_000), Sample.Tier("Back")) with { Policy = ByDemand with { Paused = true } };
        shown = WithPricing(shown, pricing => pricing with { Price = 12_340, Base = 10_001, Demand = -725, Adjustment = 99_999_999, MovedAt = moved });

        await Store.Events.AddAsync(shown);
        Assert.That(Flat((await Store.Events.FindAsync(shown.Id))!), Is.EqualTo(Flat(shown)));

        var changed = WithPricing(shown, pricing => pricing with { Price = 1, Base = 2, Demand = 50_000, Adjustment = 10_000, Floor = null, Ceiling = 3, MovedAt = null }) with
        {
            Version = shown.Version + 1,
            Policy = ByDemand,
        };
        Assert.That(await Store.Events.ReplaceAsync(changed, EventRecords.None), Is.True);
        Assert.That(Flat((await Store.Events.FindAsync(shown.Id))!), Is.EqualTo(Flat(changed)));
    }

    [Test]
    public async Task Writes_a_change_with_its_prices_its_policy_and_its_messages()
    {
        var draft = await AddedAsync(Sample.Draft(Sample.Tier("Front", 30_000), Sample.Tier("Back", 10_000)));
        var published = draft.Publish(Sample.Now).Value;
        var first = PriceChange.Between(draft, published, _ => new PriceCause(PriceChangeReason.Published, Ana), Sample.Now.AddTicks(7));
        var figures = new PriceReasons(0.1 + 0.2, 12, 59.5, 88, 1.0 / 3, 1_250, 0, 500, PriceLimits.Step | PriceLimits.Ceiling);
        var moved = WithPricing(published, pricing => pricing with { Price = pricing.Price + 50 }) with { Version = published.Version + 1, Policy = ByDemand };
        var second = PriceChange.Between(published, moved, _ => new PriceCause(PriceChangeReason.Adjusted, Ana, -5.25m, "Rain, \"perhaps\" ☂\n", figures), Sample.Now.AddSeconds(1));
        var chosen = new PolicyChange(draft.Id, moved.Version, Sample.Now.AddTicks(3), Ana, published.Policy, moved.Policy);

        Assert.That(await Store.Events.ReplaceAsync(published, new EventRecords([], first)), Is.True);
        Assert.That(await Store.Events.ReplaceAsync(moved, new EventRecords([Message(moved), Message(moved)], second, chosen)), Is.True);

        Assert.That((await HistoryAsync(draft.Id)).Select(change => change.Version), Is.EqualTo(new[] { 3L, 3L, 2L, 2L }));
        Assert.That(await HistoryAsync(draft.Id), Is.EquivalentTo(first.Concat(second)));
        Assert.That(first.ConvertAll(change => change.From), Is.All.Null);
        Assert.That(await Store.Prices.PolicyChangesAsync(draft.Id, 10), Is.EqualTo(new[] { chosen }));
        Assert.That(await SaidAsync(), Has.Count.EqualTo(2));
    }

    [Test]
    public async Task A_change_that_comes_too_late_leaves_no_price_no_policy_and_no_message()
    {
        var shown = await AddedAsync(Sample.Published());
        var (won, lost) = (Moved(shown, 11_000), Moved(shown, 12_000));

        Assert.That(await Store.Events.ReplaceAsync(won.Event, won.Records), Is.True);
        Assert.That(await Store.Events.ReplaceAsync(lost.Event, lost.Records), Is.False);

        Assert.That((await HistoryAsync(shown.Id)).Select(change => change.To), Is.EqualTo(new[] { 11_000L }));
        Assert.That((await Store.Prices.PolicyChangesAsync(shown.Id, 10)).Select(change => change.After.RoundingUnit), Is.EqualTo(new[] { 11_000 }));
        Assert.That(await SaidAsync(), Has.Count.EqualTo(1));
        Assert.That((await Store.Events.FindAsync(shown.Id))!.Tiers.Single().Price, Is.EqualTo(11_000));
    }

    [Test]
    public async Task Of_hosts_that_move_a_price_at_once_one_leaves_its_row_and_its_message()
    {
        var shown = await AddedAsync(Sample.Published());
        TestStores[] hosts = [Store, OpenAnother()];
        for (var round = 1; round <= 5; round++)
        {
            var moves = Enumerable.Range(0, 8).Select(i => Moved(shown, (1_000 * round) + i)).ToList();

            var written = await Task.WhenAll(moves.Select((move, i) => Task.Run(() => hosts[i % 2].Events.ReplaceAsync(move.Event, move.Records))));

            Assert.That(written.Count(won => won), Is.EqualTo(1));
            var winner = moves[Array.IndexOf(written, true)].Event;
            Assert.That((await Store.Events.FindAsync(shown.Id))!.Tiers.Single().Price, Is.EqualTo(winner.Tiers.Single().Price));
            Assert.That((await HistoryAsync(shown.Id)).Select(change => (change.Version, change.To)).First(), Is.EqualTo((winner.Version, winner.Tiers.Single().Price)));
            shown = winner;
        }

        Assert.That(await HistoryAsync(shown.Id), Has.Count.EqualTo(5));
        Assert.That(await Store.Prices.PolicyChangesAsync(shown.Id, 100), Has.Count.EqualTo(5));
        Assert.That(await SaidAsync(), Has.Count.EqualTo(5));
    }

    [Test]
    public async Task Sales_and_prices_that_move_at_once_lose_nothing_of_each_other()
    {
        const int Orders = 120;
        var shown = await AddedAsync(Sample.Published(Sample.Tier(tickets: Orders)));
        var other = OpenAnother();
        var selling = Task.Run(() => Task.WhenAll(Enumerable.Range(1, Orders).Select(number => ApplyAsync(Sample.Update(shown, Sample.NewId(), 1, TicketState.Sold, number)))));
        var moves = 0;
        while (!selling.IsCompleted || moves == 0)
        {
            var (moved, records) = Moved(shown, 10_000 + ++moves);
            Assert.That(await other.Events.ReplaceAsync(moved, records), Is.True, "a sale is no reason to refuse a price");
            shown = moved;
        }

        await selling;
        var tier = (await Store.Events.FindAsync(shown.Id))!.Tiers.Single();
        Assert.That((tier.Price, tier.Sold), Is.EqualTo((10_000L + moves, Orders)));
        Assert.That(await HistoryAsync(shown.Id), Has.Count.EqualTo(moves));
        Assert.That((await Store.Tickets.DemandAsync(shown.Id, 0)).Sum(minute => minute.Sold), Is.EqualTo(Orders));
    }

    [Test]
    public async Task Lists_price_changes_newest_first_page_by_page_of_all_tiers_or_of_one()
    {
        var shown = await AddedAsync(Sample.Published(Sample.Tier("A"), Sample.Tier("B"), Sample.Tier("C")));
        var stranger = await AddedAsync(Sample.Published());
        var (elsewhere, records) = Moved(stranger, 77);
        await Store.Events.ReplaceAsync(elsewhere, records);
        for (var i = 1; i <= 4; i++)
        {
            var before = shown;
            shown = WithPricing(before, pricing => pricing with { Price = pricing.Price + 50 }) with { Version = before.Version + 1 };
            await Store.Events.ReplaceAsync(shown, new EventRecords([], PriceChange.Between(before, shown, _ => new PriceCause(PriceChangeReason.Demand), Sample.Now.AddSeconds(i))));
        }

        var tiers = shown.Tiers.Select(tier => tier.Id).OrderBy(id => id.ToString(), StringComparer.Ordinal).ToList();
        var expected = Enumerable.Range(0, 4).SelectMany(i => tiers.Select(tier => (shown.Version - i, tier))).ToList();
        for (var limit = 1; limit <= 13; limit++)
        {
            Assert.That(await PagedAsync(null, limit), Is.EqualTo(expected));
            Assert.That(await PagedAsync(tiers[1], limit), Is.EqualTo(expected.Where(change => change.tier == tiers[1])));
        }

        Assert.That(await Store.Prices.PriceChangesAsync(shown.Id, Sample.NewId(), null, 10), Is.Empty);
        Assert.That(await HistoryAsync(Sample.NewId()), Is.Empty);

        async Task<List<(long, Guid)>> PagedAsync(Guid? tier, int limit)
        {
            var listed = new List<(long Version, Guid Tier)>();
            while (await Store.Prices.PriceChangesAsync(shown.Id, tier, listed.Count == 0 ? null : listed[^1], limit) is { Count: > 0 } page)
            {
                Assert.That(page, Has.Count.LessThanOrEqualTo(limit));
                listed.AddRange(page.Select(change => (change.Version, change.TierId)));
            }

            return listed;
        }
    }

    [Test]
    public async Task Lists_the_newest_changes_of_policy_of_one_event()
    {
        var shown = await AddedAsync(Sample.Published());
        var (elsewhere, records) = Moved(await AddedAsync(Sample.Published()), 77);
        await Store.Events.ReplaceAsync(elsewhere, records);
        for (var unit = 1; unit <= 4; unit++)
        {
            (shown, records) = Moved(shown, unit);
            await Store.Events.ReplaceAsync(shown, records);
        }

        Assert.That((await Store.Prices.PolicyChangesAsync(shown.Id, 3)).Select(change => change.After.RoundingUnit), Is.EqualTo(new[] { 4, 3, 2 }));
        Assert.That((await Store.Prices.PolicyChangesAsync(shown.Id, 10)).Select(change => change.Before.RoundingUnit), Is.EqualTo(new[] { 3, 2, 1, 50 }));
    }

    [Test]
    public async Task Counts_demand_by_the_minute_of_the_message_and_not_of_its_arrival()
    {
        var shown = await AddedAsync(Sample.Published(Sample.Tier("Front", tickets: 5), Sample.Tier("Back", tickets: 5)));
        var (front, back) = (shown.Tiers[0].Id, shown.Tiers[1].Id);
        var (paid, expired) = (Sample.NewId(), Sample.NewId());
        var minute = DemandMinute.Of(Sample.Now);

        await AtAsync(0, paid, 1, TicketState.OnPayment, 1, 2, 6);
        await AtAsync(59, expired, 1, TicketState.OnPayment, 7);
        await AtAsync(60, paid, 2, TicketState.Sold, 1, 2, 6);
        await AtAsync(659.9, expired, 2, TicketState.Available, 7);

        Assert.That(
            await Store.Tickets.DemandAsync(shown.Id, 0),
            Is.EquivalentTo(new DemandMinute[]
            {
                new(minute, front, 2, 0), new(minute, back, 2, 0), new(minute + 1, front, -2, 2), new(minute + 1, back, -1, 1), new(minute + 10, back, -1, 0),
            }));
        Assert.That((await Store.Tickets.DemandAsync(shown.Id, 0)).Select(change => change.Minute), Is.Ordered);
        Assert.That((await Store.Tickets.DemandAsync(shown.Id, minute + 1)).Select(change => change.Minute).Distinct(), Is.EqualTo(new[] { minute + 1, minute + 10 }));
        Assert.That(await Store.Tickets.DemandAsync(shown.Id, minute + 11), Is.Empty);
        Assert.That(await Store.Tickets.DemandAsync(Sample.NewId(), 0), Is.Empty);

        Task AtAsync(double seconds, Guid order, int revision, TicketState state, params int[] numbers) =>
            Store.Tickets.ApplyAsync(Sample.Update(shown, order, revision, state, numbers) with { At = Sample.Now.AddSeconds(seconds) });
    }

    [Test]
    public async Task Counts_no_demand_for_a_message_that_comes_again_or_too_late()
    {
        var shown = await AddedAsync(Sample.Published());
        var order = Sample.NewId();
        var sold = Sample.Update(shown, order, 2, TicketState.Sold, 1, 2);
        await ApplyAsync(sold);
        var before = await Store.Tickets.DemandAsync(shown.Id, 0);

        await ApplyAsync(sold with { At = Sample.Now.AddMinutes(5) });
        await ApplyAsync(sold with { Revision = 1, State = TicketState.OnPayment });
        await ApplyAsync(sold with { Revision = 3, At = Sample.Now.AddMinutes(9) });

        Assert.That(before, Is.EqualTo(new[] { new DemandMinute(DemandMinute.Of(Sample.Now), shown.Tiers[0].Id, 0, 2) }));
        Assert.That(await Store.Tickets.DemandAsync(shown.Id, 0), Is.EqualTo(before));
    }

    [Test]
    public async Task Forgets_the_minutes_before_one_of_all_events()
    {
        Event[] events = [await AddedAsync(Sample.Published()), await AddedAsync(Sample.Published())];
        foreach (var shown in events)
        {
            foreach (var at in new[] { 0, 1, 2 })
            {
                await ApplyAsync(Sample.Update(shown, Sample.NewId(), 1, TicketState.OnPayment, at + 1) with { At = Sample.Now.AddMinutes(at) });
            }
        }

        var minute = DemandMinute.Of(Sample.Now);
        await Store.Tickets.ForgetDemandAsync(minute + 1);

        foreach (var shown in events)
        {
            Assert.That((await Store.Tickets.DemandAsync(shown.Id, 0)).Select(change => change.Minute), Is.EqualTo(new[] { minute + 1, minute + 2 }));
            Assert.That(await CountersAsync(shown), Is.EqualTo((3, 0)), "what is left of the tickets does not depend on it");
        }
    }

    [Test]
    public async Task Knows_whose_prices_demand_may_move()
    {
        var now = Sample.Now.AddHours(1);
        var wanted = await AddedAsync(Sample.Published() with { Policy = ByDemand });
        var opensNow = await AddedAsync(Sample.Published() with { Policy = ByDemand, PublishedAt = now });
        await AddedAsync(Sample.Draft() with { Policy = ByDemand, PublishedAt = Sample.Now });
        await AddedAsync(Sample.Published().Cancel() with { Policy = ByDemand });
        await AddedAsync(Sample.Published() with { Policy = ByDemand with { Paused = true } });
        await AddedAsync(Sample.Published());
        await AddedAsync(Sample.Published() with { Policy = ByDemand, PublishedAt = now.AddTicks(1) });
        await AddedAsync(Sample.Published() with { Policy = ByDemand, EndsSellingAt = now });
        var closesNext = await AddedAsync(Sample.Published() with { Policy = ByDemand, EndsSellingAt = now.AddTicks(1) });
        var late = await AddedAsync(Sample.Published());

        Assert.That((await Store.Events.PricedByDemandAsync(now)).Select(priced => priced.Id), Is.EquivalentTo(new[] { wanted.Id, opensNow.Id, closesNext.Id }));

        await Store.Events.ReplaceAsync(late with { Version = late.Version + 1, Policy = ByDemand }, EventRecords.None);
        await Store.Events.ReplaceAsync(wanted with { Version = wanted.Version + 1, Policy = PricingPolicy.Off }, EventRecords.None);
        await Store.Events.ReplaceAsync(opensNow with { Version = opensNow.Version + 1, Policy = ByDemand with { Paused = true } }, EventRecords.None);
        await Store.Events.ReplaceAsync(closesNext.Cancel(), EventRecords.None);
        Assert.That((await Store.Events.PricedByDemandAsync(now)).Select(priced => priced.Id), Is.EqualTo(new[] { late.Id }));
    }

    [Test]
    public async Task Tells_of_events_that_demand_prices_their_versions_and_how_many_tickets_are_taken()
    {
        var quiet = await AddedAsync(Sample.Published() with { Policy = ByDemand });
        var wanted = await AddedAsync(Sample.Published(Sample.Tier("Front", tickets: 5), Sample.Tier("Back", tickets: 5)) with { Policy = ByDemand });
        var order = Sample.NewId();
        await ApplyAsync(Sample.Update(wanted, order, 1, TicketState.OnPayment, 1, 6));
        await ApplyAsync(Sample.Update(wanted, order, 2, TicketState.Sold, 1, 6));
        await ApplyAsync(Sample.Update(wanted, Sample.NewId(), 1, TicketState.OnPayment, 2));
        await Store.Events.ReplaceAsync(wanted with { Version = wanted.Version + 1 }, EventRecords.None);

        Assert.That(
            await Store.Events.PricedByDemandAsync(Sample.Now.AddHours(1)),
            Is.EquivalentTo(new[] { new PricedEvent(quiet.Id, quiet.Version, 0), new PricedEvent(wanted.Id, wanted.Version + 1, 3) }));
    }

    private static OutboxEntry Message(Event changed) => MessageCodec.Encode(new EventChanged(changed.Id, changed.Revision, Sample.Now), changed.Id, Sample.Now);

    private static Event WithPricing(Event shown, Func<TierPricing, TierPricing> change) =>
        shown with { Tiers = [.. shown.Tiers.Select(tier => tier with { Pricing = change(tier.Pricing) })] };

    /// <summary>The event at another price, and everything that is written with it; the policy's unit says which change it was.</summary>
    private static (Event Event, EventRecords Records) Moved(Event shown, int price)
    {
        var moved = WithPricing(shown, pricing => pricing with { Price = price }) with { Version = shown.Version + 1, Policy = shown.Policy with { RoundingUnit = price } };
        var prices = PriceChange.Between(shown, moved, _ => new PriceCause(PriceChangeReason.PolicyChanged, Ana), Sample.Now);
        return (moved, new EventRecords([Message(moved)], prices, new PolicyChange(shown.Id, moved.Version, Sample.Now, Ana, shown.Policy, moved.Policy)));
    }

    private Task<IReadOnlyList<PriceChange>> HistoryAsync(Guid eventId) => Store.Prices.PriceChangesAsync(eventId, tierId: null, after: null, limit: 1_000);
}
