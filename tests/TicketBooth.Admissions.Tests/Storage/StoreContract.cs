using TicketBooth.Admissions.Contracts;
using TicketBooth.Admissions.Domain;
using TicketBooth.Admissions.Storage;
using TicketBooth.Admissions.Tickets;

namespace TicketBooth.Admissions.Tests.Storage;

/// <summary>What the module's stores must do, whatever they are made of.</summary>
internal abstract class StoreContract
{
    protected abstract (ITicketStore Tickets, IDoorStore Door) Stores { get; }

    /// <summary>The same data as another host has it open.</summary>
    protected abstract (ITicketStore Tickets, IDoorStore Door) OpenAnother();

    /// <summary>The types of the messages that were said and that nobody was given.</summary>
    protected abstract Task<IReadOnlyList<string>> SaidAsync();

    private ITicketStore Tickets => Stores.Tickets;

    private IDoorStore Door => Stores.Door;

    [Test]
    public async Task Gives_back_tickets_as_they_were_kept()
    {
        var (show, order) = (Sample.NewEvent(), Guid.CreateVersion7());
        await Tickets.ApplyAsync([Sample.Paid(show, order, 2, 3, 1, 2)]);

        var found = await OpenAnother().Tickets.OfOrderAsync(order);

        Assert.That(found.Select(ticket => ticket.Number), Is.EqualTo(new[] { 1, 2, 3 }));
        Assert.That(found[0], Is.EqualTo(IssueRules.Apply([], Sample.Paid(show, order, 2, 1))[0]));
        Assert.That(await Tickets.OfOrdersAsync([order, Guid.CreateVersion7()]), Is.EquivalentTo(found));
        Assert.That(await Tickets.OfNumberAsync(show, 2), Is.EqualTo(new[] { found[1] }));
        Assert.That(await Tickets.OfOrderAsync(Guid.CreateVersion7()), Is.Empty);
    }

    [Test]
    public async Task A_moment_only_moves_on()
    {
        Assert.That(await Tickets.MomentAsync(Moment.Began), Is.Null);
        await Tickets.SetMomentAsync(Moment.Began, Sample.Now);
        await OpenAnother().Tickets.SetMomentAsync(Moment.Began, Sample.Now.AddHours(-1));
        await Tickets.SetMomentAsync(Moment.Ran, Sample.Now.AddHours(2));

        Assert.That((await Tickets.MomentAsync(Moment.Began), await Tickets.MomentAsync(Moment.Ran)), Is.EqualTo((Sample.Now, Sample.Now.AddHours(2))));
    }

    [Test]
    public async Task Lists_passages_by_their_scans_with_those_that_were_taken_back()
    {
        var show = Sample.NewEvent();
        var scans = new[] { Sample.Scan(new(show, 1, 1), 1), Sample.Scan(new(show, 2, 1), 1), Sample.Scan(new(show, 3, 1), 1) };
        foreach (var scan in scans.Append(Sample.Scan(new(show, 4, 1), null, outcome: CheckInOutcome.Void)))
        {
            await Door.AddScanAsync(scan);
        }

        await Door.UndoAsync(scans[1], Sample.Clerk, Sample.Now);

        var all = new List<Scan>();
        while (await Door.ListPassagesAsync(all.Count == 0 ? null : all[^1].Id, 2) is { Count: > 0 } page)
        {
            all.AddRange(page);
        }

        Assert.That(
            all.Select(scan => (scan.Id, scan.Turn, scan.UndoneAt is not null)),
            Is.EquivalentTo(new (Guid, int?, bool)[] { (scans[0].Id, 1, false), (scans[1].Id, null, true), (scans[2].Id, 1, false) }));
    }

    [Test]
    public async Task Pages_by_number_hold_every_ticket_of_a_number()
    {
        var (show, first, second) = (Sample.NewEvent(), Guid.CreateVersion7(), Guid.CreateVersion7());
        await Tickets.ApplyAsync([Sample.Paid(show, first, 2, 1, 2, 3), Sample.Refunded(show, first, 3, 1, 2, 3), Sample.Paid(show, second, 2, 1, 2, 3)]);
        var numbers = new List<int>();
        for (var after = 0; await Tickets.OfEventAsync(show, after, 2) is { Count: > 0 } page; after = page[^1].Number)
        {
            Assert.That(page.CountBy(ticket => ticket.Number).Select(one => one.Value), Is.All.EqualTo(2));
            numbers.AddRange(page.Select(ticket => ticket.Number).Distinct());
        }

        Assert.That(numbers, Is.EqualTo(new[] { 1, 2, 3 }));
    }

    [Test]
    public async Task Pages_through_all_tickets()
    {
        var (show, order) = (Sample.NewEvent(), Guid.CreateVersion7());
        await Tickets.ApplyAsync([Sample.Paid(show, order, 2, 1, 2, 3)]);
        var found = new List<IssuedTicket>();
        (Guid, int, Guid)? last = null;
        while (await Tickets.ListAsync(last, 2) is { Count: > 0 } page)
        {
            found.AddRange(page);
            last = page[^1].Key;
        }

        Assert.That(found.Where(ticket => ticket.OrderId == order).Select(ticket => ticket.Number), Is.EqualTo(new[] { 1, 2, 3 }));
    }

    [Test]
    public async Task Finds_the_ticket_of_an_offer()
    {
        var (show, order, transfer) = (Sample.NewEvent(), Guid.CreateVersion7(), Guid.CreateVersion7());
        await Tickets.ApplyAsync([Sample.Paid(show, order, 2, 1, 2)]);
        var read = (await Tickets.OfOrderAsync(order))[1];
        await Tickets.TryChangeAsync(read with { TransferId = transfer, TransferEmail = "bia@example.com" });

        Assert.That(await OpenAnother().Tickets.OfTransferAsync(transfer), Is.EqualTo(read with { TransferId = transfer, TransferEmail = "bia@example.com", Version = 2 }));
        Assert.That(await Tickets.OfTransferAsync(Guid.CreateVersion7()), Is.Null);
    }

    [Test]
    public async Task Finds_what_was_given_and_what_is_offered_to_somebody_however_the_address_was_typed()
    {
        var (show, order, owner) = (Sample.NewEvent(), Guid.CreateVersion7(), Guid.CreateVersion7());
        var email = $"{owner:N}+bia@example.com";
        await Tickets.ApplyAsync([Sample.Paid(show, order, 2, 1, 2, 3)]);
        var read = await Tickets.OfOrderAsync(order);
        await Tickets.TryChangeAsync(read[0] with { OwnerId = owner });
        await Tickets.TryChangeAsync(read[1] with { TransferId = Guid.CreateVersion7(), TransferEmail = email.ToUpperInvariant() });

        var (given, offered) = (await OpenAnother().Tickets.OfOwnerAsync(owner), await OpenAnother().Tickets.OfferedToAsync(email));

        Assert.That(given.Select(ticket => ticket.Number), Is.EqualTo(new[] { 1 }));
        Assert.That(offered.Select(ticket => ticket.Number), Is.EqualTo(new[] { 2 }));
        Assert.That(await Tickets.OfferedToAsync(email.Replace('+', '.')), Is.Empty);
        Assert.That(await Tickets.OfOwnerAsync(Guid.CreateVersion7()), Is.Empty);
    }

    [Test]
    public async Task Of_two_that_change_a_ticket_at_once_one_does()
    {
        var (show, order) = (Sample.NewEvent(), Guid.CreateVersion7());
        await Tickets.ApplyAsync([Sample.Paid(show, order, 2, 1)]);
        var read = (await Tickets.OfOrderAsync(order))[0];
        ITicketStore[] hosts = [Tickets, OpenAnother().Tickets];

        var changed = await Task.WhenAll(Enumerable.Range(0, 20).Select(i => Task.Run(() => hosts[i % 2].TryChangeAsync(read with { HolderName = $"Holder {i}" }))));

        Assert.That(changed.Count(one => one), Is.EqualTo(1));
        Assert.That((await Tickets.OfOrderAsync(order))[0].Version, Is.EqualTo(2));
    }

    [Test]
    public async Task A_change_of_a_ticket_and_what_is_said_of_it_are_one_write_that_later_changes_keep()
    {
        var (show, order) = (Sample.NewEvent(), Guid.CreateVersion7());
        await Tickets.ApplyAsync([Sample.Paid(show, order, 2, 1)]);
        var read = (await Tickets.OfOrderAsync(order))[0];
        var offered = read with { TransferId = Guid.CreateVersion7(), TransferEmail = "bia@example.com" };

        Assert.That(await Tickets.TryChangeAsync(offered, TransferMessages.Offered(offered, Sample.Now)), Is.True);
        Assert.That(await Tickets.TryChangeAsync(offered, TransferMessages.Offered(offered, Sample.Now)), Is.False, "it was read too early");
        await Tickets.ApplyAsync([Sample.Refunded(show, order, 3, 1)]);

        Assert.That(await SaidAsync(), Is.EqualTo(new[] { nameof(TicketTransferOffered) }));
        Assert.That((await Tickets.OfOrderAsync(order))[0], Is.EqualTo(read with { Revision = 3, IsActive = false, Version = 3 }));
    }

    [Test]
    public async Task Hosts_that_issue_one_number_at_once_give_each_a_generation()
    {
        var show = Sample.NewEvent();
        var orders = Enumerable.Range(0, 16).Select(_ => Guid.CreateVersion7()).ToList();
        ITicketStore[] hosts = [Tickets, OpenAnother().Tickets];

        await Task.WhenAll(orders.Select((order, i) => Task.Run(() => hosts[i % 2].ApplyAsync([Sample.Paid(show, order, 2, 1)]))));

        Assert.That((await Tickets.OfNumberAsync(show, 1)).Select(ticket => ticket.Generation).Order(), Is.EqualTo(Enumerable.Range(1, 16)));
    }

    [Test]
    public async Task Keeps_the_newest_facts_of_an_event_and_its_rules_and_key()
    {
        var show = Sample.Show(Sample.NewEvent());
        await Door.SaveFactsAsync(show with { Version = 5, Name = "New" });
        await Door.SaveFactsAsync(show with { Version = 4, Name = "Old" });
        Assert.That(await Door.SaveRulesAsync(show.Id, new DoorRules(15, 30, ReEntry: true, Transfers: 2)), Is.True);
        await Task.WhenAll(Enumerable.Range(1, 8).Select(i => Task.Run(() => OpenAnother().Door.AddKeyAsync(show.Id, [(byte)i], [(byte)(i + 100)]))));
        await Door.SaveFactsAsync(show with { Version = 6, Name = "Newest", IsCanceled = true });

        var found = (await OpenAnother().Door.FindEventAsync(show.Id))!;

        Assert.That((found.Version, found.Name, found.IsCanceled, found.StartsAt), Is.EqualTo((6L, "Newest", true, show.StartsAt)));
        Assert.That(found.Tiers, Is.EqualTo(show.Tiers));
        Assert.That(found.Rules, Is.EqualTo(new DoorRules(15, 30, ReEntry: true, Transfers: 2)));
        Assert.That(found.PrivateKey, Is.EqualTo(new[] { (byte)(found.PublicKey![0] + 100) }), "both halves of one key");
        Assert.That(await Door.SaveRulesAsync(Sample.NewEvent(), new DoorRules()), Is.False);
        Assert.That(await Door.FindEventAsync(Sample.NewEvent()), Is.Null);
    }

    [Test]
    public async Task Of_two_hosts_that_let_one_code_in_at_once_one_does() => Assert.That(await AdmittedOfTwentyAsync(), Is.EqualTo(1));

    [Test]
    public async Task A_repeated_scan_is_known_and_says_nothing_again()
    {
        var code = new TicketCode(Sample.NewEvent(), 1, 1);
        var scan = Sample.Scan(code, 1);

        Assert.That(await Door.AddScanAsync(scan), Is.EqualTo(ScanWrite.Added));
        Assert.That(await Door.AddScanAsync(scan), Is.EqualTo(ScanWrite.Repeated));
        Assert.That(await Door.AddScanAsync(scan with { Turn = 2 }), Is.EqualTo(ScanWrite.Repeated));
        Assert.That(await OpenAnother().Door.FindScanAsync(scan.Id), Is.EqualTo(scan));
        Assert.That(await SaidAsync(), Is.EqualTo(new[] { nameof(TicketCheckedIn) }));
    }

    [Test]
    public async Task Passages_are_counted_in_their_order_and_taken_back_from_the_last()
    {
        var code = new TicketCode(Sample.NewEvent(), 1, 1);
        var (entry, exit) = (Sample.Scan(code, 1), Sample.Scan(code, 2, Direction.Out));
        await Door.AddScanAsync(entry);
        await Door.AddScanAsync(exit);
        await Door.AddScanAsync(Sample.Scan(code, turn: null, outcome: CheckInOutcome.AlreadyAdmitted));

        Assert.That((await Door.PassagesAsync(code)).Select(scan => scan.Id), Is.EqualTo(new[] { entry.Id, exit.Id }));
        Assert.That(await Door.LastPassagesAsync(code.EventId), Is.EqualTo(new[] { new LastPassage(1, 1, 2) }));
        Assert.That(await Door.UndoAsync(entry, Sample.Clerk, Sample.Now), Is.False, "it is not the last");
        Assert.That(await Door.UndoAsync(exit, Sample.Clerk, Sample.Now), Is.True);
        Assert.That(await Door.UndoAsync(exit, Sample.Clerk, Sample.Now), Is.False, "it is taken back");
        Assert.That((await Door.PassagesAsync(code)).Select(scan => scan.Id), Is.EqualTo(new[] { entry.Id }));
        Assert.That((await Door.FindScanAsync(exit.Id))!.UndoneAt, Is.EqualTo(Sample.Now));

        // Messages of several documents have no order among themselves.
        Assert.That(await SaidAsync(), Is.EquivalentTo(new[] { nameof(TicketCheckedIn), nameof(TicketCheckedOut), nameof(CheckInUndone) }));
    }

    [Test]
    public async Task Lists_what_was_let_in_offline_and_should_not_have_been()
    {
        var code = new TicketCode(Sample.NewEvent(), 1, 1);
        var first = Sample.Scan(code, 1) with { IsOffline = true };
        var second = Sample.Scan(code, null, outcome: CheckInOutcome.AlreadyAdmitted) with { IsOffline = true, PreviousId = first.Id };
        await Door.AddScanAsync(first);
        await Door.AddScanAsync(second);
        await Door.AddScanAsync(Sample.Scan(code, null, outcome: CheckInOutcome.AlreadyAdmitted));

        Assert.That(await Door.ConflictsAsync(code.EventId, 10), Is.EqualTo(new[] { second }));
    }

    [Test]
    public async Task Marks_what_was_refused_as_let_in_and_nothing_else()
    {
        var code = new TicketCode(Sample.NewEvent(), 1, 1);
        var entry = Sample.Scan(code, 1);
        var refused = Sample.Scan(code, null, outcome: CheckInOutcome.AlreadyAdmitted);
        await Door.AddScanAsync(entry);
        await Door.AddScanAsync(refused);

        await Door.MarkOfflineAsync(entry.Id);
        await Door.MarkOfflineAsync(refused.Id);

        Assert.That((await Door.FindScanAsync(entry.Id))!.IsOffline, Is.False);
        Assert.That(await Door.ConflictsAsync(code.EventId, 10), Is.EqualTo(new[] { refused with { IsOffline = true } }));
    }

    /// <summary>How many of twenty scans, at two hosts, had the same turn.</summary>
    protected async Task<int> AdmittedOfTwentyAsync()
    {
        var code = new TicketCode(Sample.NewEvent(), 1, 1);
        IDoorStore[] hosts = [Door, OpenAnother().Door];
        var written = await Task.WhenAll(Enumerable.Range(0, 20).Select(i => Task.Run(() => hosts[i % 2].AddScanAsync(Sample.Scan(code, 1)))));
        return written.Count(one => one == ScanWrite.Added);
    }
}
