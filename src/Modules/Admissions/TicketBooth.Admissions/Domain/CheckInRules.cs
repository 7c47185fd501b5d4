namespace TicketBooth.Admissions.Domain;

/// <summary>Who is let in, and who is let out.</summary>
internal static class CheckInRules
{
    /// <param name="show">The event of the code.</param>
    /// <param name="doorOf">The event whose door it is; null when the scanner does not say.</param>
    /// <param name="ofNumber">Every ticket that was made of the code's number.</param>
    /// <param name="turns">How many passages the code has had.</param>
    public static CheckInOutcome Decide(
        DoorEvent show,
        Guid? doorOf,
        IReadOnlyCollection<IssuedTicket> ofNumber,
        int generation,
        int turns,
        Direction direction,
        DateTimeOffset scannedAt
    )
    {
        if (doorOf is { } door && door != show.Id)
        {
            return CheckInOutcome.WrongEvent;
        }

        if (generation < 1 || generation >= IssueRules.NextGeneration(ofNumber))
        {
            return CheckInOutcome.UnknownCode;
        }

        var live = IssueRules.Live(ofNumber);
        if (show.IsCanceled || live?.Generation != generation)
        {
            return CheckInOutcome.Void;
        }

        return live.TransferId is not null ? CheckInOutcome.InTransfer
            : direction == Direction.Out ? LetOut(turns)
            : LetIn(show, turns, scannedAt);
    }

    private static CheckInOutcome LetOut(int turns) => IsInside(turns) ? CheckInOutcome.Left : CheckInOutcome.NotInside;

    private static CheckInOutcome LetIn(DoorEvent show, int turns, DateTimeOffset scannedAt) =>
        IsInside(turns) || (turns > 0 && !show.RulesNow.ReEntry) ? CheckInOutcome.AlreadyAdmitted
        : scannedAt < show.OpensAt ? CheckInOutcome.TooEarly
        : scannedAt > show.ClosesAt ? CheckInOutcome.TooLate
        : CheckInOutcome.Admitted;

    /// <summary>In is every odd passage, out every even one.</summary>
    public static bool IsInside(int turns) => turns % 2 == 1;
}
