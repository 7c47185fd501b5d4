namespace TicketBooth.Dashboard.Acts;

/// <summary>
/// A line of the log of administrative acts. Lines are only ever added: one when an act begins, so that none goes unseen when its host dies on the way, and one
/// with the same <see cref="ActId"/> when its outcome is known.
/// </summary>
internal sealed record ActRow
{
    /// <summary>What <see cref="Outcome"/> says while nothing more is known.</summary>
    public const string Begun = "begun";

    /// <summary>What it says when the act was done.</summary>
    public const string Done = "done";

    public required Guid Id { get; init; }

    /// <summary>The same for both lines of an act.</summary>
    public required Guid ActId { get; init; }

    public required DateTimeOffset At { get; init; }

    public required Guid ById { get; init; }

    /// <summary>As it was then.</summary>
    public required string ByName { get; init; }

    /// <summary>What was done: a stable code, for example <c>adjust-prices</c>.</summary>
    public required string Kind { get; init; }

    /// <summary>The event, order, user or dead letter that it was done to; null when it was done to none.</summary>
    public Guid? SubjectId { get; init; }

    /// <summary>What was asked for, as JSON.</summary>
    public required string Request { get; init; }

    /// <summary>The subject before it, as JSON; null when there is none.</summary>
    public string? Before { get; init; }

    /// <summary>The subject after it, as JSON; null while it is not done.</summary>
    public string? After { get; init; }

    /// <summary><see cref="Begun"/>, <see cref="Done"/>, or the code of the error that refused it.</summary>
    public required string Outcome { get; init; }
}
