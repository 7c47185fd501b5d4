using TicketBooth.Booking.Contracts;
using TicketBooth.BuildingBlocks.Kernel;
using TicketBooth.BuildingBlocks.Messaging.Outbox;
using TicketBooth.Events.Contracts;
using TicketBooth.Events.Domain;
using TicketBooth.Events.Invariants;
using TicketBooth.Events.Storage;

namespace TicketBooth.Events.Tests.Storage;

/// <summary>What every store of events must do; a fixture per store derives from it.</summary>
internal abstract partial class EventStoreContract
{
    private protected TestStores Store { get; private set; } = null!;

    [SetUp]
    public async Task Open() => Store = await OpenAsync();

    [Test]
    public async Task Gives_back_what_was_added()
    {
        var form = Sample.Form(Sample.Tier("Front", 30_000, 3, floor: 20_000, ceiling: 40_000), Sample.Tier("Back", 10_000, 5)) with
        {
            Name = "Noite em São Paulo 🎭",
            Description = "Two\nlines",
            PublishedAt = Sample.Now.AddDays(3),
            Currency = "USD",
            Large = true,
            Capacity = 100,
        };
        var made = Event.Create(form, Sample.Now);

        await Store.Events.AddAsync(made);

        Assert.That(Flat((await Store.Events.FindAsync(made.Id))!), Is.EqualTo(Flat(made)));
    }

    [Test]
    public async Task Keeps_what_takes_the_last_change_of_prices_back()
    {
        var shown = await AddedAsync(Sample.Published(Sample.Tier("Front", ceiling: 20_000), Sample.Tier("Back")));
        var cause = new PriceCause(PriceChangeReason.Adjusted, new Actor(Sample.NewId(), "Ana"), 10);
        var change = EventChange.Of(shown, shown.Adjust(10, Sample.Now).Value, Sample.Now, cause);

        await Store.Events.ReplaceAsync(change.After, new EventRecords([], change.Prices));

        Assert.That(change.After.Undo, Is.Not.Null);
        Assert.That(Flat((await Store.Events.FindAsync(shown.Id))!), Is.EqualTo(Flat(change.After)));
    }

    [Test]
    public async Task Keeps_the_tickets_that_are_off_sale_and_lists_what_is_left()
    {
        var shown = await AddedAsync(Sample.Published(Sample.Tier("Front", tickets: 5), Sample.Tier("Back", tickets: 5)));
        var held = Sample.Block(shown, TicketBlockKind.Hold, 4, 7);
        var changed = shown.Follow(KnownBlock.Of(held)).Follow(KnownBlock.Of(Sample.Block(shown, TicketBlockKind.Kill, 1, 3)));

        await Store.Events.ReplaceAsync(shown.Follow(KnownBlock.Of(held)), EventRecords.None);
        await Store.Events.ReplaceAsync(changed, EventRecords.None);

        Assert.That(Flat((await Store.Events.FindAsync(shown.Id))!), Is.EqualTo(Flat(changed)));
        var listed = (await Store.Events.ListAsync(new EventFilter([], true, null, null, null, 10))).Single(found => found.Id == shown.Id);
        Assert.That((listed.Available, changed.Released), Is.EqualTo((3, 7)));
    }

    [Test]
    public async Task Deletes_a_draft_and_never_what_was_published()
    {
        var draft = await AddedAsync(Sample.Draft());
        var shown = await AddedAsync(Sample.Published());

        Assert.That((await Store.Events.DeleteDraftAsync(draft.Id), await Store.Events.DeleteDraftAsync(shown.Id)), Is.EqualTo((true, false)));
        Assert.That(await Store.Events.DeleteDraftAsync(draft.Id), Is.False);
        Assert.That(await Store.Events.FindAsync(draft.Id), Is.Null);
        Assert.That(Flat((await Store.Events.FindAsync(shown.Id))!), Is.EqualTo(Flat(shown)));
    }

    [Test]
    public async Task A_draft_that_is_deleted_and_published_at_once_is_one_of_both()
    {
        for (var i = 0; i < 20; i++)
        {
            var draft = await AddedAsync(Sample.Draft());
            var deleting = Task.Run(() => Store.Events.DeleteDraftAsync(draft.Id));
            var publishing = Task.Run(() => Store.Events.ReplaceAsync(draft.Publish(Sample.Now).Value, message: null));

            var (isDeleted, isPublished) = (await deleting, await publishing);

            Assert.That(isDeleted, Is.Not.EqualTo(isPublished));
            Assert.That(await Store.Events.FindAsync(draft.Id) is null, Is.EqualTo(isDeleted));
        }
    }

    [Test]
    public async Task Adds_an_event_once_even_when_many_add_it()
    {
        var made = Sample.Draft(Sample.Tier("Front", tickets: 3));
        var other = made with { Name = "Somebody else's" };

        var added = await Task.WhenAll(Enumerable.Range(0, 8).Select(host => Task.Run(() => Store.Events.AddAsync(host % 2 == 0 ? made : other))));

        Assert.That(added.Count(isAdded => isAdded), Is.EqualTo(1));
        Assert.That((await Store.Events.FindAsync(made.Id))!.Released, Is.EqualTo(3));
    }

    [Test]
    public async Task Remembers_the_operations_that_changed_an_event()
    {
        var shown = await AddedAsync(Sample.Published());
        Assert.That((await Store.Events.FindAsync(shown.Id))!.Operations, Is.Empty);
        var operations = new[] { Sample.NewId(), Sample.NewId(), Sample.NewId() };

        await Store.Events.ReplaceAsync(shown.Adjust(10, Sample.Now).Value with { Operations = operations }, message: null);

        Assert.That((await Store.Events.FindAsync(shown.Id))!.Operations, Is.EqualTo(operations));
    }

    [Test]
    public async Task Remembers_when_an_event_was_changed_last()
    {
        var draft = Sample.Draft();
        await Store.Events.AddAsync(draft);
        Assert.That((await Store.Events.FindAsync(draft.Id))!.ChangedAt, Is.EqualTo(draft.ChangedAt));

        var published = draft.Publish(Sample.Now).Value with { ChangedAt = Sample.Now.AddMinutes(1) };
        await Store.Events.ReplaceAsync(published, message: null);

        Assert.That((await Store.Events.FindAsync(draft.Id))!.ChangedAt, Is.EqualTo(published.ChangedAt));
    }

    [Test]
    public async Task Knows_no_event_that_was_not_added() => Assert.That(await Store.Events.FindAsync(Sample.NewId()), Is.Null);

    [Test]
    public async Task Replaces_a_revision_with_the_next_and_its_message()
    {
        var draft = await AddedAsync(Sample.Draft(Sample.Tier("Front", tickets: 2), Sample.Tier("Back", tickets: 2)));
        var edited = draft.Edit(Sample.Form(Sample.Tier("Back", tickets: 3), Sample.Tier("Balcony", tickets: 1)), Sample.Now).Value;
        var message = MessageCodec.Encode(new EventChanged(draft.Id, edited.Revision, Sample.Now), draft.Id, Sample.Now);

        Assert.That(await Store.Events.ReplaceAsync(edited, message), Is.True);

        Assert.That(Flat((await Store.Events.FindAsync(draft.Id))!), Is.EqualTo(Flat(edited)));
        var entry = (await SaidAsync()).Single();
        Assert.That((entry.MessageId, entry.Key, entry.MessageType), Is.EqualTo((message.MessageId, draft.Id, message.MessageType)));
        Assert.That(entry.Body, Is.EqualTo(message.Body));
    }

    [Test]
    public async Task Writes_one_of_two_changes_to_one_revision_and_nothing_of_the_other()
    {
        var draft = await AddedAsync(Sample.Draft());
        var published = draft.Publish(Sample.Now).Value;
        var canceled = draft.Cancel();

        var written = await Task.WhenAll(
            Store.Events.ReplaceAsync(published, MessageCodec.Encode(new EventPublished(draft.Id, 2, Sample.Now), draft.Id, Sample.Now)),
            Store.Events.ReplaceAsync(canceled, MessageCodec.Encode(new EventCanceled(draft.Id, 2, Sample.Now), draft.Id, Sample.Now)));

        Assert.That(written.Count(won => won), Is.EqualTo(1));
        var found = (await Store.Events.FindAsync(draft.Id))!;
        Assert.That(found.IsPublished, Is.EqualTo(written[0]));
        Assert.That(found.IsCanceled, Is.EqualTo(written[1]));
        Assert.That(await SaidAsync(), Has.Count.EqualTo(1));
    }

    [Test]
    public async Task Refuses_to_replace_what_was_never_added() =>
        Assert.That(await Store.Events.ReplaceAsync(Sample.Published(), message: null), Is.False);

    [Test]
    public async Task Wakes_the_relay_after_a_change_with_a_message()
    {
        var draft = await AddedAsync(Sample.Draft());
        var waiting = WaitForMessageAsync();
        Assert.That(waiting.IsCompleted, Is.False);

        await Store.Events.ReplaceAsync(draft.Publish(Sample.Now).Value, MessageCodec.Encode(new EventPublished(draft.Id, 2, Sample.Now), draft.Id, Sample.Now));

        await waiting.WaitAsync(TimeSpan.FromMinutes(1));
    }

    [Test]
    public async Task An_edit_never_writes_over_what_the_sales_know()
    {
        var shown = await AddedAsync(Sample.Published());
        await ApplyAsync(Sample.Update(shown, Sample.NewId(), 1, TicketState.OnPayment, 1, 2));

        // Made from an event that was read before the sale came.
        await Store.Events.ReplaceAsync(shown.Edit(Sample.Form(Sample.Tier(price: 500, tickets: 12)), Sample.Now).Value, message: null);

        var tier = (await Store.Events.FindAsync(shown.Id))!.Tiers.Single();
        Assert.That((tier.Price, tier.Held, tier.Sold, tier.Available), Is.EqualTo((500L, 2, 0, 10)));
    }

    [Test]
    public async Task Lists_in_the_order_of_start_and_id_page_by_page()
    {
        var events = new List<Event>();
        foreach (var day in new[] { 3, 1, 2, 2, 2 })
        {
            events.Add(await AddedAsync(Event.Create(Sample.Form() with { StartsAt = Sample.Now.AddDays(day) }, Sample.Now)));
        }

        var listed = new List<EventListing>();
        (long, Guid)? after = null;
        while (true)
        {
            var page = await Store.Events.ListAsync(Filter() with { After = after, Limit = 2 });
            listed.AddRange(page);
            if (page.Count < 2)
            {
                break;
            }

            after = (page[^1].Phase.StartsAt.UtcTicks, page[^1].Id);
        }

        var expected = events.OrderBy(made => made.StartsAt).ThenBy(made => made.Id.ToString(), StringComparer.Ordinal).Select(made => made.Id);
        Assert.That(listed.Select(row => row.Id), Is.EqualTo(expected));
    }

    [Test]
    public async Task Lists_by_dates_words_and_who_asks()
    {
        var samba = await AddedAsync(Event.Create(Sample.Form() with { Name = "Samba à Beira-Mar", Venue = "Salão", StartsAt = Sample.Now.AddDays(1) }, Sample.Now).Publish(Sample.Now).Value);
        var percent = await AddedAsync(Event.Create(Sample.Form() with { Name = "100% Rock_n_Roll \\o/", Venue = "Salão", StartsAt = Sample.Now.AddDays(2) }, Sample.Now).Publish(Sample.Now).Value);
        var draft = await AddedAsync(Event.Create(Sample.Form() with { Name = "Secret", StartsAt = Sample.Now.AddDays(3) }, Sample.Now));

        Assert.That(await IdsAsync(Filter()), Is.EqualTo(new[] { samba.Id, percent.Id, draft.Id }));
        Assert.That(await IdsAsync(Filter() with { IncludeUnpublished = false }), Is.EqualTo(new[] { samba.Id, percent.Id }));
        Assert.That(await IdsAsync(Filter("salao")), Is.EqualTo(new[] { samba.Id, percent.Id }));
        Assert.That(await IdsAsync(Filter("salao", "a", "beira")), Is.EqualTo(new[] { samba.Id }));
        Assert.That(await IdsAsync(Filter("%")), Is.EqualTo(new[] { percent.Id }));
        Assert.That(await IdsAsync(Filter("_n_")), Is.EqualTo(new[] { percent.Id }));
        Assert.That(await IdsAsync(Filter("\\o")), Is.EqualTo(new[] { percent.Id }));
        Assert.That(await IdsAsync(Filter("'; drop table events; --")), Is.Empty);
        Assert.That(await IdsAsync(Filter() with { StartsFrom = percent.StartsAt, StartsBefore = draft.StartsAt }), Is.EqualTo(new[] { percent.Id }));
    }

    [Test]
    public async Task Lists_by_the_status_that_events_have_at_a_time()
    {
        var draft = await AddedAsync(Sample.Draft());
        var soon = await AddedAsync(Event.Create(Sample.Form() with { StartsAt = Sample.Now.AddDays(1), EndsSellingAt = Sample.Now.AddDays(2) }, Sample.Now).Publish(Sample.Now).Value);
        var late = await AddedAsync(Event.Create(Sample.Form() with { StartsAt = Sample.Now.AddDays(3), EndsSellingAt = Sample.Now.AddDays(1) }, Sample.Now).Publish(Sample.Now).Value);
        var canceled = await AddedAsync(Sample.Draft().Cancel());

        Assert.That(await InAsync(EventStatus.Draft, 0), Is.EqualTo(new[] { draft.Id }));
        Assert.That(await InAsync(EventStatus.Canceled, 0), Is.EqualTo(new[] { canceled.Id }));
        Assert.That(await InAsync(EventStatus.Published, 0), Is.EqualTo(new[] { soon.Id, late.Id }));
        Assert.That(await InAsync(EventStatus.Ended, 0), Is.Empty);
        Assert.That(await InAsync(EventStatus.Published, 2), Is.EqualTo(new[] { late.Id }));
        Assert.That(await InAsync(EventStatus.Ended, 2), Is.EqualTo(new[] { soon.Id }));
        Assert.That(await InAsync(EventStatus.Ended, 3), Is.EqualTo(new[] { soon.Id, late.Id }));

        Task<IEnumerable<Guid>> InAsync(EventStatus status, int days) => IdsAsync(Filter() with { InStatus = (status, Sample.Now.AddDays(days)) });
    }

    [Test]
    public async Task Finds_an_event_under_its_new_name_only()
    {
        var draft = await AddedAsync(Sample.Draft());
        await Store.Events.ReplaceAsync(draft.Edit(Sample.Form() with { Name = "Tango" }, Sample.Now).Value, message: null);

        Assert.That(await IdsAsync(Filter("tango")), Is.EqualTo(new[] { draft.Id }));
        Assert.That(await IdsAsync(Filter("bossa")), Is.Empty);
    }

    [Test]
    public async Task Lists_what_is_left_and_from_which_price()
    {
        var shown = await AddedAsync(Sample.Published(Sample.Tier("Front", 30_000, 1), Sample.Tier("Back", 10_000, 2)));
        Assert.That(await LeftAsync(), Is.EqualTo((3, 10_000L)));

        await ApplyAsync(Sample.Update(shown, Sample.NewId(), 1, TicketState.Sold, 2));
        await ApplyAsync(Sample.Update(shown, Sample.NewId(), 1, TicketState.OnPayment, 3));
        Assert.That(await LeftAsync(), Is.EqualTo((1, 30_000L)));

        await ApplyAsync(Sample.Update(shown, Sample.NewId(), 1, TicketState.Sold, 1));
        Assert.That(await LeftAsync(), Is.EqualTo((0, 10_000L)), "of all tiers when nothing is left");

        async Task<(int, long)> LeftAsync()
        {
            var row = (await Store.Events.ListAsync(Filter())).Single();
            return (row.Available, row.PriceFrom);
        }
    }

    [Test]
    public async Task Follows_an_order_from_placed_over_paid_to_refunded()
    {
        var shown = await AddedAsync(Sample.Published());
        var order = Sample.NewId();

        Assert.That(await ApplyAsync(Sample.Update(shown, order, 1, TicketState.OnPayment, 4, 5)), Is.True);
        Assert.That(await CountersAsync(shown), Is.EqualTo((2, 0)));
        Assert.That(await Store.Tickets.TakenTicketsAsync(shown.Id, 1, 10), Is.EqualTo(new[] { new TakenTicket(4, TicketState.OnPayment), new TakenTicket(5, TicketState.OnPayment) }));

        Assert.That(await ApplyAsync(Sample.Update(shown, order, 2, TicketState.Sold, 4, 5)), Is.True);
        Assert.That(await CountersAsync(shown), Is.EqualTo((0, 2)));
        Assert.That(await Store.Tickets.TakenTicketsAsync(shown.Id, 5, 5), Is.EqualTo(new[] { new TakenTicket(5, TicketState.Sold) }));

        Assert.That(await ApplyAsync(Sample.Update(shown, order, 3, TicketState.Available, 4, 5)), Is.True);
        Assert.That(await CountersAsync(shown), Is.EqualTo((0, 0)));
        Assert.That(await Store.Tickets.TakenTicketsAsync(shown.Id, 1, 10), Is.Empty);
    }

    [Test]
    public async Task Takes_one_message_in_once_however_often_it_comes()
    {
        var shown = await AddedAsync(Sample.Published());
        var sale = Sample.Update(shown, Sample.NewId(), 1, TicketState.OnPayment, 1);

        var applied = await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => Store.Tickets.ApplyAsync(sale)));

        Assert.That(applied.Count(changed => changed), Is.EqualTo(1));
        Assert.That(await CountersAsync(shown), Is.EqualTo((1, 0)));
    }

    [Test]
    public async Task Ignores_news_that_is_older_than_what_it_knows()
    {
        var shown = await AddedAsync(Sample.Published());
        var order = Sample.NewId();

        Assert.That(await ApplyAsync(Sample.Update(shown, order, 3, TicketState.Available, 1)), Is.False, "nothing was held, so nothing changed");
        Assert.That(await ApplyAsync(Sample.Update(shown, order, 2, TicketState.Sold, 1)), Is.False);
        Assert.That(await ApplyAsync(Sample.Update(shown, order, 1, TicketState.OnPayment, 1)), Is.False);

        Assert.That(await CountersAsync(shown), Is.EqualTo((0, 0)));
        Assert.That((await Store.Tickets.OrdersAsync([(shown.Id, order)]))[order], Is.EqualTo(new KnownOrder(order, shown.Id, 3, TicketState.Available, 1)));
    }

    [Test]
    public async Task Remembers_when_an_order_last_took_or_gave_back_tickets_in_whatever_order_the_messages_come()
    {
        var shown = await AddedAsync(Sample.Published(Sample.Tier("Front", tickets: 5), Sample.Tier("Back", tickets: 5)));
        var latest = Sample.Now.AddMinutes(3);

        await ApplyAsync(Sample.Update(shown, Sample.NewId(), 1, TicketState.OnPayment, 6) with { At = latest });
        await ApplyAsync(Sample.Update(shown, Sample.NewId(), 1, TicketState.OnPayment, 1) with { At = Sample.Now.AddMinutes(2) });
        await ApplyAsync(Sample.Update(shown, Sample.NewId(), 1, TicketState.OnPayment, 7) with { At = Sample.Now.AddMinutes(1) });
        Assert.That((await Store.Events.FindAsync(shown.Id))!.OrderedAt, Is.EqualTo(latest));

        // A change of the event is decided on what was read, and writes no older time over it.
        await Store.Events.ReplaceAsync(shown.Adjust(10, Sample.Now).Value, message: null);
        Assert.That((await Store.Events.FindAsync(shown.Id))!.OrderedAt, Is.EqualTo(latest));
    }

    [Test]
    public async Task Ends_right_when_the_messages_of_two_orders_for_one_ticket_overtake_each_other()
    {
        var shown = await AddedAsync(Sample.Published());
        var (first, second) = (Sample.NewId(), Sample.NewId());
        TicketUpdate[] said =
        [
            Sample.Update(shown, first, 1, TicketState.OnPayment, 1),
            Sample.Update(shown, first, 2, TicketState.Available, 1),
            Sample.Update(shown, second, 1, TicketState.OnPayment, 1),
            Sample.Update(shown, second, 2, TicketState.Sold, 1),
        ];
        foreach (var order in Permutations(said.Length))
        {
            var again = await AddedAsync(Sample.Published());
            var orders = new Dictionary<Guid, Guid> { [first] = Sample.NewId(), [second] = Sample.NewId() };
            foreach (var i in order)
            {
                await ApplyAsync(Sample.Update(again, orders[said[i].OrderId], said[i].Revision, said[i].State, 1));
                var (held, sold) = await CountersAsync(again);
                Assert.That(held + sold, Is.InRange(0, 1), "one ticket is never counted twice, not even in between");
            }

            Assert.That(await CountersAsync(again), Is.EqualTo((0, 1)));
            Assert.That(await Store.Tickets.TakenTicketsAsync(again.Id, 1, 10), Is.EqualTo(new[] { new TakenTicket(1, TicketState.Sold) }));
        }
    }

    [Test]
    public async Task Keeps_the_rule_for_refunds_and_the_window_of_a_show_that_was_moved()
    {
        var rule = new RefundRule(48, 10, Sample.Now.AddDays(14), Sample.Now.AddDays(30));
        var shown = await AddedAsync(Sample.Published() with { Refunds = rule });
        Assert.That((await Store.Events.FindAsync(shown.Id))!.Refunds, Is.EqualTo(rule));
        var plain = await AddedAsync(Sample.Published());
        Assert.That((await Store.Events.FindAsync(plain.Id))!.Refunds, Is.EqualTo(RefundRule.Default));
    }

    [Test]
    public async Task A_ticket_that_a_refund_released_is_available_in_whatever_order_the_messages_come()
    {
        foreach (var order in Permutations(5))
        {
            var shown = await AddedAsync(Sample.Published());
            var (first, second) = (Sample.NewId(), Sample.NewId());
            TicketUpdate[] said =
            [
                Sample.Update(shown, first, 2, TicketState.Sold, 1, 2, 3),
                Releasing(Sample.Update(shown, first, 3, TicketState.Sold, 1, 2, 3), 2),
                Releasing(Sample.Update(shown, first, 4, TicketState.Sold, 1, 2, 3), 2, 3),
                Sample.Update(shown, second, 1, TicketState.OnPayment, 2),
                Sample.Update(shown, second, 2, TicketState.Sold, 2),
            ];
            foreach (var i in order)
            {
                await ApplyAsync(said[i]);
                await ApplyAsync(said[i]);
                var (held, sold) = await CountersAsync(shown);
                Assert.That(held + sold, Is.InRange(0, 3), "no ticket is counted twice");
            }

            Assert.That(await CountersAsync(shown), Is.EqualTo((0, 2)));
            Assert.That(
                await Store.Tickets.TakenTicketsAsync(shown.Id, 1, 10), Is.EqualTo(new[] { new TakenTicket(1, TicketState.Sold), new TakenTicket(2, TicketState.Sold) }));
            Assert.That((await Store.Tickets.OrdersAsync([(shown.Id, first)]))[first], Is.EqualTo(new KnownOrder(first, shown.Id, 4, TicketState.Sold, 3, 2)));
            var report = new InvariantReport();
            TicketCounterInvariant.Check((await Store.Tickets.LedgerAsync(shown.Id))!, report);
            Assert.That(report.Violations, Is.Empty);

            await ApplyAsync(Releasing(Sample.Update(shown, first, 5, TicketState.Available, 1, 2, 3), 1, 2, 3));
            Assert.That(await CountersAsync(shown), Is.EqualTo((0, 1)), "the ticket that was sold again is its new buyer's");
        }

        static TicketUpdate Releasing(TicketUpdate update, params int[] numbers) =>
            update with { Tickets = [.. update.Tickets.Select(ticket => ticket with { Released = numbers.Contains(ticket.Number) })] };
    }

    [Test]
    public async Task Refuses_tickets_of_a_tier_that_is_not_there_and_takes_the_message_again_later()
    {
        var shown = await AddedAsync(Sample.Published());
        var known = Sample.Update(shown, Sample.NewId(), 1, TicketState.OnPayment, 1);
        var strange = known with { Tickets = [known.Tickets[0] with { TierId = Sample.NewId() }] };

        Assert.That(() => Store.Tickets.ApplyAsync(strange), Throws.InvalidOperationException);
        Assert.That(await Store.Tickets.TakenTicketsAsync(shown.Id, 1, 10), Is.Empty, "nothing of it was written");
        Assert.That(await Store.Tickets.ApplyAsync(known), Is.True, "nor that it was seen");
    }

    [Test]
    public async Task Keeps_a_ledger_of_who_stands_on_which_ticket()
    {
        var shown = await AddedAsync(Sample.Published());
        var (paid, gone) = (Sample.NewId(), Sample.NewId());
        await ApplyAsync(Sample.Update(shown, paid, 2, TicketState.Sold, 1, 2));
        await ApplyAsync(Sample.Update(shown, gone, 2, TicketState.Available, 3));

        var ledger = (await Store.Tickets.LedgerAsync(shown.Id))!;

        Assert.That(ledger.Event.Id, Is.EqualTo(shown.Id));
        Assert.That(ledger.Claims, Is.EqualTo(new[] { new Claim(1, paid, true), new Claim(2, paid, true) }));
        Assert.That(ledger.ActiveOrders, Is.EqualTo(new[] { new KnownOrder(paid, shown.Id, 2, TicketState.Sold, 2) }));
        Assert.That(await Store.Tickets.LedgerAsync(Sample.NewId()), Is.Null);
    }

    [Test]
    public async Task Pages_through_the_ids_of_all_events()
    {
        var made = new List<Guid>();
        for (var i = 0; i < 5; i++)
        {
            made.Add((await AddedAsync(Event.Create(Sample.Form(), Sample.Now.AddSeconds(i)))).Id);
        }

        var first = await Store.Events.PageOfIdsAsync(Guid.Empty, 3);
        var rest = await Store.Events.PageOfIdsAsync(first[^1], 3);

        Assert.That(first.Concat(rest), Is.EqualTo(made));
        Assert.That(await Store.Events.PageOfIdsAsync(rest[^1], 3), Is.Empty);
    }

    [Test]
    public async Task Gives_the_versions_of_those_events_that_exist()
    {
        var (changed, same) = (await AddedAsync(Sample.Draft()), await AddedAsync(Sample.Draft()));
        await Store.Events.ReplaceAsync(changed.Edit(Sample.Form() with { Name = "Another" }, Sample.Now).Value, message: null);

        var versions = await Store.Events.VersionsAsync([same.Id, Sample.NewId(), changed.Id]);

        Assert.That(versions, Is.EquivalentTo(new Dictionary<Guid, long> { [same.Id] = same.Version, [changed.Id] = changed.Version + 1 }));
    }

    [Test]
    public async Task Tells_which_events_have_messages_that_wait()
    {
        var (said, silent) = (await AddedAsync(Sample.Draft()), await AddedAsync(Sample.Draft()));
        await Store.Events.ReplaceAsync(
            said.Edit(Sample.Form() with { Name = "Another" }, Sample.Now).Value, MessageCodec.Encode(new EventChanged(said.Id, 2, Sample.Now), said.Id, Sample.Now));

        Assert.That(await Store.Events.WithPendingMessagesAsync([said.Id, silent.Id]), Is.EquivalentTo(new[] { said.Id }));
        Assert.That(await Store.Events.WithPendingMessagesAsync([silent.Id]), Is.Empty);
    }

    [Test]
    public async Task Holds_an_event_of_ten_thousand_tickets()
    {
        var shown = await AddedAsync(Sample.Published(Sample.Tier(tickets: 10_000)));
        await Task.WhenAll(Enumerable.Range(1, 10_000).Chunk(10).Select(numbers => ApplyAsync(Sample.Update(shown, Sample.NewId(), 1, TicketState.OnPayment, numbers))));

        Assert.That(await CountersAsync(shown), Is.EqualTo((10_000, 0)));
        Assert.That(await Store.Tickets.TakenTicketsAsync(shown.Id, 9_999, 20_000), Has.Count.EqualTo(2));
    }

    [Test]
    public async Task Of_hosts_that_change_one_revision_at_once_one_does()
    {
        var draft = await AddedAsync(Sample.Draft());
        TestStores[] hosts = [Store, OpenAnother()];

        var written = await Task.WhenAll(Enumerable.Range(0, 10).Select(i => Task.Run(() => hosts[i % 2].Events.ReplaceAsync(
            draft.Edit(Sample.Form() with { Name = $"Name {i}" }, Sample.Now).Value, MessageCodec.Encode(new EventChanged(draft.Id, 2, Sample.Now), draft.Id, Sample.Now)))));

        Assert.That(written.Count(won => won), Is.EqualTo(1));
        Assert.That((await Store.Events.FindAsync(draft.Id))!.Name, Is.EqualTo($"Name {Array.IndexOf(written, true)}"));
        Assert.That(await SaidAsync(), Has.Count.EqualTo(1));
    }

    [Test]
    public async Task Hosts_that_are_given_the_same_messages_at_once_take_each_in_once()
    {
        var shown = await AddedAsync(Sample.Published(Sample.Tier(tickets: 200)));
        TestStores[] hosts = [Store, OpenAnother()];
        var messages = Enumerable.Range(1, 100).Select(i => Sample.Update(shown, Sample.NewId(), 1, TicketState.OnPayment, i, i + 100)).ToList();

        var taken = await Task.WhenAll(hosts.SelectMany(host => messages.Select(message => Task.Run(() => host.Tickets.ApplyAsync(message)))));

        Assert.That(taken.Count(changed => changed), Is.EqualTo(100));
        Assert.That(await CountersAsync(shown), Is.EqualTo((200, 0)));
        Assert.That(await ViolationsAsync(shown.Id), Is.Empty);
    }

    [Test]
    public async Task Hosts_that_take_in_the_sales_of_one_event_at_once_lose_none_and_count_right_at_every_moment()
    {
        const int Orders = 300;
        var shown = await AddedAsync(Sample.Published(Sample.Tier("Front", tickets: 100), Sample.Tier("Back", tickets: 200)));
        TestStores[] hosts = [Store, OpenAnother()];
        var sales = Enumerable.Range(1, Orders).Select(number => Sample.Update(shown, Sample.NewId(), 1, TicketState.OnPayment, number)).ToList();
        var selling = Task.WhenAll(hosts.Select((host, i) => Task.Run(() => Task.WhenAll(sales.Where((_, at) => at % 2 == i).Select(async sale =>
        {
            await host.Tickets.ApplyAsync(sale);

            // What happens to the order next may be told to the other host.
            await hosts[1 - i].Tickets.ApplyAsync(sale with { Revision = 2, State = sale.Tickets[0].Number % 3 == 0 ? TicketState.Available : TicketState.Sold });
        })))));

        var looks = 0;
        while (!selling.IsCompleted)
        {
            Assert.That(await ViolationsAsync(shown.Id), Is.Empty);
            looks++;
        }

        await selling;
        Assert.That(looks, Is.Positive);
        Assert.That(await CountersAsync(shown), Is.EqualTo((0, Orders - (Orders / 3))));
        Assert.That(await ViolationsAsync(shown.Id), Is.Empty);
    }

    private protected abstract Task<TestStores> OpenAsync();

    /// <summary>The same data as another host has it open.</summary>
    private protected abstract TestStores OpenAnother();

    /// <summary>What the store has said and nobody was given.</summary>
    private protected abstract Task<IReadOnlyList<OutboxEntry>> SaidAsync();

    /// <summary>Completes when the store wakes its relay; waits from the call on.</summary>
    private protected abstract Task WaitForMessageAsync();

    private static EventFilter Filter(params string[] words) => new(words, IncludeUnpublished: true, null, null, null, 50);

    private static IEnumerable<int[]> Permutations(int count) =>
        count == 0 ? [[]] : Permutations(count - 1).SelectMany(rest => Enumerable.Range(0, count).Select(at => (int[])[.. rest[..at], count - 1, .. rest[at..]]));

    [Test]
    public async Task Counters_that_drifted_are_counted_anew()
    {
        var shown = await AddedAsync(Sample.Published(Sample.Tier(tickets: 5), Sample.Tier(tickets: 5)));
        await ApplyAsync(Sample.Update(shown, Sample.NewId(), 1, TicketState.OnPayment, 1, 2));
        await ApplyAsync(Sample.Update(shown, Sample.NewId(), 1, TicketState.Sold, 6));
        await DriftAsync(shown);
        Assert.That(await ViolationsAsync(shown.Id), Is.Not.Empty);

        Assert.That(await Store.Tickets.RecountAsync(shown.Id), Is.True);

        Assert.That(await ViolationsAsync(shown.Id), Is.Empty);
        Assert.That(await CountersAsync(shown), Is.EqualTo((2, 1)));
        await ApplyAsync(Sample.Update(shown, Sample.NewId(), 1, TicketState.OnPayment, 7));
        Assert.That(await CountersAsync(shown), Is.EqualTo((3, 1)), "and counting goes on from there");
    }

    /// <summary>Makes the counters of an event wrong, behind the store's back.</summary>
    private protected abstract Task DriftAsync(Event shown);

    /// <summary>Comparable by value, lists included.</summary>
    private static string Flat(Event shown) => System.Text.Json.JsonSerializer.Serialize(shown);

    private protected async Task<Event> AddedAsync(Event made)
    {
        await Store.Events.AddAsync(made);
        return made;
    }

    private Task<bool> ApplyAsync(TicketUpdate sale) => Store.Tickets.ApplyAsync(sale);

    private async Task<(int Held, int Sold)> CountersAsync(Event shown)
    {
        var tiers = (await Store.Events.FindAsync(shown.Id))!.Tiers;
        return (tiers.Sum(tier => tier.Held), tiers.Sum(tier => tier.Sold));
    }

    private async Task<IReadOnlyList<Violation>> ViolationsAsync(Guid eventId)
    {
        var report = new InvariantReport();
        TicketCounterInvariant.Check((await Store.Tickets.LedgerAsync(eventId))!, report);
        return report.Violations;
    }

    private async Task<IEnumerable<Guid>> IdsAsync(EventFilter filter) => (await Store.Events.ListAsync(filter)).Select(row => row.Id);
}
