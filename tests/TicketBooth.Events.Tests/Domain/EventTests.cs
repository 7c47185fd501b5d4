using TicketBooth.Booking.Contracts;
using TicketBooth.BuildingBlocks.Kernel;
using TicketBooth.Events.Contracts;
using TicketBooth.Events.Domain;

namespace TicketBooth.Events.Tests.Domain;

[TestFixture]
internal sealed class EventTests
{
    [Test]
    public void Numbers_the_tickets_of_a_new_event_from_one_tier_after_tier()
    {
        var made = Sample.Draft(Sample.Tier("Front", tickets: 3), Sample.Tier("Back", tickets: 5));

        Assert.That(made.Tiers[0].Tickets, Is.EqualTo(new[] { new TicketRange(1, 3) }));
        Assert.That(made.Tiers[1].Tickets, Is.EqualTo(new[] { new TicketRange(4, 5) }));
        Assert.That(made.Revision, Is.EqualTo(1));
        Assert.That(made.Currency, Is.EqualTo("BRL"));
        Assert.That(TaggedId.BaseOf(TaggedId.Of(made.Id, 8)), Is.EqualTo(made.Id), "ticket ids can be made from the event's id");
    }

    [Test]
    public void Lays_a_draft_out_anew_and_keeps_the_ids_of_the_tiers_it_recognises()
    {
        var draft = Sample.Draft(Sample.Tier("Front", tickets: 3), Sample.Tier("Back", tickets: 5));

        var edited = draft.Edit(Sample.Form(Sample.Tier("back", tickets: 2), Sample.Tier("Balcony", tickets: 1)), Sample.Now).Value;

        Assert.That(edited.Tiers[0].Id, Is.EqualTo(draft.Tiers[1].Id));
        Assert.That(edited.Tiers[0].Tickets, Is.EqualTo(new[] { new TicketRange(1, 2) }));
        Assert.That(edited.Tiers[1].Tickets, Is.EqualTo(new[] { new TicketRange(3, 1) }));
        Assert.That(edited.Revision, Is.EqualTo(2));
    }

    [Test]
    public void Forgets_the_opening_of_the_sale_when_a_draft_is_edited_without_one()
    {
        var draft = Event.Create(Sample.Form() with { PublishedAt = Sample.Now.AddDays(1) }, Sample.Now);

        Assert.That(draft.Edit(Sample.Form(), Sample.Now).Value.PublishedAt, Is.Null);
    }

    [Test]
    public void Gives_a_published_tier_its_new_tickets_at_the_end()
    {
        var shown = Sample.Published(Sample.Tier("Front", tickets: 3), Sample.Tier("Back", tickets: 5));

        var edited = shown.Edit(Sample.Form(Sample.Tier("Front", tickets: 5), Sample.Tier("Back", tickets: 5), Sample.Tier("Balcony", tickets: 1)), Sample.Now).Value;

        Assert.That(edited.Tiers[0].Tickets, Is.EqualTo(new[] { new TicketRange(1, 3), new TicketRange(9, 2) }));
        Assert.That(edited.Tiers[1].Tickets, Is.EqualTo(new[] { new TicketRange(4, 5) }));
        Assert.That(edited.Tiers[2].Tickets, Is.EqualTo(new[] { new TicketRange(11, 1) }));
    }

    [Test]
    public void Keeps_what_is_held_and_sold_and_moves_the_price_of_a_published_tier()
    {
        var shown = Sample.Published(Sample.Tier(tickets: 10));
        shown = shown with { Tiers = [shown.Tiers[0] with { Held = 2, Sold = 3 }] };

        var tier = shown.Edit(Sample.Form(Sample.Tier(price: 12_000, tickets: 11, floor: 9_000)), Sample.Now).Value.Tiers.Single();

        Assert.That((tier.Price, tier.Pricing.Floor, tier.Held, tier.Sold, tier.Available), Is.EqualTo((12_000L, (long?)9_000L, 2, 3, 6)));
    }

    [Test]
    public void Refuses_to_take_tickets_from_a_published_tier()
    {
        var shown = Sample.Published(Sample.Tier("Front", tickets: 3), Sample.Tier("Back", tickets: 5));

        Assert.That(
            shown.Edit(Sample.Form(Sample.Tier("Front", tickets: 2), Sample.Tier("Back", tickets: 5)), Sample.Now).Error,
            Is.EqualTo(EventsErrors.TicketsReleased));
        Assert.That(shown.Edit(Sample.Form(Sample.Tier("Front", tickets: 8)), Sample.Now).Error, Is.EqualTo(EventsErrors.TicketsReleased), "a missing tier");
        Assert.That(
            shown.Edit(Sample.Form(Sample.Tier("Front", tickets: 3), Sample.Tier("Rear", tickets: 5)), Sample.Now).Error,
            Is.EqualTo(EventsErrors.TicketsReleased), "a tier under another name and without its id is another tier");
    }

    [Test]
    public void Renames_a_tier_by_its_id_even_when_another_takes_its_former_name()
    {
        var shown = Sample.Published(Sample.Tier("Front", tickets: 3));

        var edited = shown.Edit(
            Sample.Form(Sample.Tier("Royal", tickets: 3, id: shown.Tiers[0].Id), Sample.Tier("Front", tickets: 1)), Sample.Now).Value;

        Assert.That(edited.Tiers[0].Id, Is.EqualTo(shown.Tiers[0].Id));
        Assert.That(edited.Tiers[0].Name, Is.EqualTo("Royal"));
        Assert.That(edited.Tiers[1].Id, Is.Not.EqualTo(shown.Tiers[0].Id));
    }

    [Test]
    public void Refuses_a_tier_id_of_another_event()
    {
        var error = Sample.Draft().Edit(Sample.Form(Sample.Tier(id: Sample.NewId())), Sample.Now).Error;

        Assert.That(error?.Code, Is.EqualTo("validation-failed"));
        Assert.That(error?.Fields, Contains.Key("tiers"));
    }

    [Test]
    public void Keeps_currency_shard_and_opening_of_a_published_event()
    {
        var shown = Event.Create(Sample.Form() with { Currency = "USD", Large = true }, Sample.Now).Publish(Sample.Now).Value;

        var edited = shown.Edit(Sample.Form() with { Currency = null, Large = false, PublishedAt = null }, Sample.Now.AddHours(1)).Value;

        Assert.That((edited.Currency, edited.Large, edited.PublishedAt), Is.EqualTo(("USD", true, (DateTimeOffset?)Sample.Now)));
        Assert.That(shown.Edit(Sample.Form() with { Currency = "BRL" }, Sample.Now).Error?.Fields, Contains.Key("currency"));
    }

    [Test]
    public void Refuses_to_close_a_published_sale_before_it_opened()
    {
        var shown = Sample.Published();

        Assert.That(shown.Edit(Sample.Form() with { EndsSellingAt = Sample.Now }, Sample.Now).Error?.Fields, Contains.Key("endsSellingAt"));
    }

    [TestCase(true)]
    [TestCase(false)]
    public void Refuses_to_move_a_start_or_an_end_of_the_sale_into_the_past(bool isPublished)
    {
        var edited = isPublished ? Sample.Published() : Sample.Draft();
        var later = Sample.Now.AddDays(1);

        Assert.That(edited.Edit(Sample.FormOf(edited) with { StartsAt = Sample.Now }, later).Error?.Fields, Contains.Key("startsAt"));
        Assert.That(edited.Edit(Sample.FormOf(edited) with { EndsSellingAt = later }, later).Error?.Fields, Contains.Key("endsSellingAt"));
    }

    [Test]
    public void Times_that_have_passed_may_stay_as_they_are()
    {
        var shown = Sample.Published() with { EndsSellingAt = Sample.Now.AddDays(31) };
        var duringTheShow = shown.StartsAt.AddHours(1);

        var edited = shown.Edit(Sample.FormOf(shown) with { Description = "Doors are open." }, duringTheShow);

        Assert.That(edited.Value.Description, Is.EqualTo("Doors are open."));
    }

    [Test]
    public void Refuses_to_publish_a_show_that_would_have_started() =>
        Assert.That((Sample.Draft() with { EndsSellingAt = Sample.Now.AddDays(31) }).Publish(Sample.Now.AddDays(30)).Error, Is.EqualTo(EventsErrors.StartPassed));

    [TestCase(0, 0, false)]
    [TestCase(1, 0, true)]
    [TestCase(0, 1, true)]
    public void Another_start_or_venue_is_a_question_once_people_have_tickets(int held, int sold, bool isQuestion)
    {
        var shown = Sample.Published();
        shown = shown with { Tiers = [shown.Tiers[0] with { Held = held, Sold = sold }] };
        var form = Sample.FormOf(shown);

        Assert.That(EventTimes.IsMovedForBuyers(shown, form with { Name = "Another name" }), Is.False);
        Assert.That(EventTimes.IsMovedForBuyers(shown, form with { StartsAt = form.StartsAt.AddMinutes(1) }), Is.EqualTo(isQuestion));
        Assert.That(EventTimes.IsMovedForBuyers(shown, form with { Venue = "Annex" }), Is.EqualTo(isQuestion));
    }

    [Test]
    public void Refuses_to_edit_what_is_canceled_or_over()
    {
        var shown = Sample.Published();

        Assert.That(shown.Cancel().Edit(Sample.Form(), Sample.Now).Error, Is.EqualTo(EventsErrors.Canceled));
        Assert.That(shown.Edit(Sample.Form(), shown.StartsAt).Error, Is.EqualTo(EventsErrors.Ended));
    }

    [Test]
    public void Opens_the_sale_when_it_is_published_unless_it_said_when()
    {
        var later = Sample.Now.AddDays(2);

        Assert.That(Sample.Published().PublishedAt, Is.EqualTo(Sample.Now));
        Assert.That(Event.Create(Sample.Form() with { PublishedAt = later }, Sample.Now).Publish(Sample.Now).Value.PublishedAt, Is.EqualTo(later));
    }

    [Test]
    public void Publishing_twice_changes_nothing()
    {
        var shown = Sample.Published();

        Assert.That(shown.Publish(Sample.Now.AddDays(1)).Value, Is.SameAs(shown));
    }

    [Test]
    public void Refuses_to_publish_what_is_canceled_or_has_no_sale_left()
    {
        Assert.That(Sample.Draft().Cancel().Publish(Sample.Now).Error, Is.EqualTo(EventsErrors.Canceled));
        Assert.That(Sample.Draft().Publish(Sample.Draft().EndsSellingAt).Error, Is.EqualTo(EventsErrors.SaleOver));
    }

    [Test]
    public void Canceling_twice_changes_nothing()
    {
        var canceled = Sample.Published().Cancel();

        Assert.That(canceled.Cancel(), Is.SameAs(canceled));
        Assert.That(canceled.Revision, Is.EqualTo(3));
    }

    [Test]
    public void Is_over_when_both_the_start_and_the_sale_have_passed()
    {
        var late = new EventPhase(IsPublished: true, IsCanceled: false, Sample.Now.AddHours(1), Sample.Now.AddHours(2));

        Assert.That(late.StatusAt(Sample.Now.AddHours(2).AddTicks(-1)), Is.EqualTo(EventStatus.Published));
        Assert.That(late.StatusAt(Sample.Now.AddHours(2)), Is.EqualTo(EventStatus.Ended));
        Assert.That(late.StatusHoldsUntil(Sample.Now), Is.EqualTo(Sample.Now.AddHours(2)));
        Assert.That((late with { IsCanceled = true }).StatusAt(Sample.Now.AddHours(3)), Is.EqualTo(EventStatus.Canceled));
        Assert.That((late with { IsPublished = false }).StatusAt(Sample.Now.AddHours(3)), Is.EqualTo(EventStatus.Draft));
        Assert.That((late with { IsCanceled = true }).StatusHoldsUntil(Sample.Now), Is.EqualTo(DateTimeOffset.MaxValue));
    }

    [Test]
    public void Withdrawn_tickets_shrink_their_tier_for_good_and_their_numbers_are_never_given_again()
    {
        var shown = Sample.Published(Sample.Tier("Front", tickets: 5), Sample.Tier("Back", tickets: 5));

        var withdrawn = shown.Follow(KnownBlock.Of(Sample.Block(shown, TicketBlockKind.Kill, 4, 6)));
        var form = Sample.FormOf(withdrawn) with { Capacity = 8 };
        var smaller = withdrawn.Edit(form with { Capacity = 7 }, Sample.Now).Value;
        var larger = withdrawn.Edit(form with { Tiers = [form.Tiers[0] with { Tickets = 4 }, form.Tiers[1]] }, Sample.Now).Value;

        Assert.That(withdrawn.Tiers.Select(tier => tier.Released), Is.EqualTo(new[] { 3, 4 }));
        Assert.That((smaller.Released, smaller.Capacity), Is.EqualTo((7, 7)));
        Assert.That((larger.Released, larger.Tiers[0].Tickets[^1]), Is.EqualTo((8, new TicketRange(11, 1))));
    }

    [Test]
    public void To_demand_tickets_off_sale_are_unsold_so_that_no_price_rises_because_of_them()
    {
        var shown = Sample.Published(Sample.Tier(tickets: 10));
        shown = shown with { Tiers = [shown.Tiers[0] with { Sold = 4 }] };

        var blocked = shown.Follow(KnownBlock.Of(Sample.Block(shown, TicketBlockKind.Hold, 5, 7))).Follow(KnownBlock.Of(Sample.Block(shown, TicketBlockKind.Kill, 8, 9)));

        Assert.That(blocked.Tiers[0].Available, Is.EqualTo(1));
        Assert.That(blocked.DemandOf(blocked.Tiers[0], 4, Sample.Now), Is.EqualTo(shown.DemandOf(shown.Tiers[0], 4, Sample.Now)));
    }

    [TestCase("Noite em São Paulo", "sao", true)]
    [TestCase("Noite em São Paulo", "PAULO noite", true)]
    [TestCase("Ｆｕｌｌ width", "full", true)]
    [TestCase("Noite em São Paulo", "rio", false)]
    [TestCase("ÇA VA", "ça", true)]
    public void Is_found_without_regard_to_case_and_accents(string name, string search, bool found)
    {
        var text = SearchText.Of(Sample.Draft() with { Name = name });

        Assert.That(SearchText.WordsOf(search).All(word => text.Contains(word, StringComparison.Ordinal)), Is.EqualTo(found));
    }

    [Test]
    public void Searches_for_nothing_when_nothing_is_said()
    {
        Assert.That(SearchText.WordsOf(null), Is.Empty);
        Assert.That(SearchText.WordsOf(" \t "), Is.Empty);
    }
}
