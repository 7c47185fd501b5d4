namespace TicketBooth.Dashboard.ReadModel;

/// <summary>
/// A line of the audit log. Lines are only added: one before a staff action runs, so that none is missing when its host dies, and one with
/// the same <see cref="ActId"/> when its outcome is known.
/// </summary>
internal sealed record AuditLogRow
{
    /// <summary>The <see cref="Outcome"/> of the line that is written before the action runs.</summary>
    public const string Begun = "begun";

    /// <summary>The <see cref="Outcome"/> of an action that succeeded.</summary>
    public const string Done = "done";

    public required Guid Id { get; init; }

    /// <summary>The same for both lines of an action.</summary>
    public required Guid ActId { get; init; }

    public required DateTimeOffset At { get; init; }

    public required Guid ById { get; init; }

    /// <summary>The name at that time.</summary>
    public required string ByName { get; init; }

    /// <summary>What was done: a stable code, for example <c>adjust-prices</c>.</summary>
    public required string Kind { get; init; }

    /// <summary>The event, order or user that the action changed; null when there is none.</summary>
    public Guid? SubjectId { get; init; }

    /// <summary>The request, as JSON.</summary>
    public required string Request { get; init; }

    /// <summary>The subject before the action, as JSON; null when there is none.</summary>
    public string? Before { get; init; }

    /// <summary>The subject after the action, as JSON; null unless the action succeeded.</summary>
    public string? After { get; init; }

    /// <summary><see cref="Begun"/>, <see cref="Done"/>, or the code of the error that refused it.</summary>
    public required string Outcome { get; init; }
}
