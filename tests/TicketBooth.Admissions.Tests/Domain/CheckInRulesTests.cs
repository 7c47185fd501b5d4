using TicketBooth.Admissions.Contracts;
using TicketBooth.Admissions.Domain;

namespace TicketBooth.Admissions.Tests.Domain;

public sealed class CheckInRulesTests
{
    private static readonly DoorEvent Show = Sample.Show(Sample.NewEvent()) with { Rules = new DoorRules(OpensMinutesBefore: 120, ClosesMinutesAfter: 60) };
    private static readonly IssuedTicket Ticket = IssueRules.Apply([], Sample.Paid(Show.Id, Guid.CreateVersion7(), 2, 7))[0] with { Generation = 3 };

    [TestCase(3, 0, nameof(CheckInOutcome.Admitted))]
    [TestCase(3, 1, nameof(CheckInOutcome.AlreadyAdmitted))]
    [TestCase(3, 2, nameof(CheckInOutcome.AlreadyAdmitted))]
    [TestCase(2, 0, nameof(CheckInOutcome.Void))]
    [TestCase(4, 0, nameof(CheckInOutcome.UnknownCode))]
    [TestCase(0, 0, nameof(CheckInOutcome.UnknownCode))]
    public void The_live_code_lets_in_once(int generation, int turns, string outcome) => Assert.That(In(generation, turns).ToString(), Is.EqualTo(outcome));

    [Test]
    public void With_re_entry_who_has_left_comes_in_again()
    {
        var open = Show with { Rules = Show.RulesNow with { ReEntry = true } };

        Assert.That(Decide(open, 3, 2, Direction.In, Sample.Now), Is.EqualTo(CheckInOutcome.Admitted));
        Assert.That(Decide(open, 3, 1, Direction.In, Sample.Now), Is.EqualTo(CheckInOutcome.AlreadyAdmitted));
    }

    [TestCase(0, nameof(CheckInOutcome.NotInside))]
    [TestCase(1, nameof(CheckInOutcome.Left))]
    [TestCase(2, nameof(CheckInOutcome.NotInside))]
    public void Only_who_is_inside_leaves(int turns, string outcome) =>
        Assert.That(Decide(Show, 3, turns, Direction.Out, Sample.Now).ToString(), Is.EqualTo(outcome));

    [TestCase(-61, nameof(CheckInOutcome.TooEarly))]
    [TestCase(-60, nameof(CheckInOutcome.Admitted))]
    [TestCase(120, nameof(CheckInOutcome.Admitted))]
    [TestCase(121, nameof(CheckInOutcome.TooLate))]
    public void The_door_opens_and_closes(int minutes, string outcome) =>
        Assert.That(Decide(Show, 3, 0, Direction.In, Sample.Now.AddMinutes(minutes)).ToString(), Is.EqualTo(outcome));

    [Test]
    public void A_canceled_event_lets_nobody_in() =>
        Assert.That(Decide(Show with { IsCanceled = true }, 3, 0, Direction.In, Sample.Now), Is.EqualTo(CheckInOutcome.Void));

    [Test]
    public void Another_door_refuses_the_ticket() =>
        Assert.That(CheckInRules.Decide(Show, Sample.NewEvent(), [Ticket], 3, 0, Direction.In, Sample.Now), Is.EqualTo(CheckInOutcome.WrongEvent));

    [Test]
    public void A_ticket_that_is_refunded_or_offered_to_somebody_lets_nobody_in()
    {
        Assert.That(CheckInRules.Decide(Show, null, [Ticket with { IsActive = false }], 3, 0, Direction.In, Sample.Now), Is.EqualTo(CheckInOutcome.Void));
        Assert.That(
            CheckInRules.Decide(Show, null, [Ticket with { TransferId = Guid.CreateVersion7() }], 3, 0, Direction.In, Sample.Now), Is.EqualTo(CheckInOutcome.InTransfer));
    }

    private static CheckInOutcome In(int generation, int turns) => Decide(Show, generation, turns, Direction.In, Sample.Now);

    private static CheckInOutcome Decide(DoorEvent show, int generation, int turns, Direction direction, DateTimeOffset at) =>
        CheckInRules.Decide(show, show.Id, [Ticket], generation, turns, direction, at);
}
