namespace TicketBooth.BuildingBlocks.Kernel;

/// <summary>A member of staff in the audit log.</summary>
/// <param name="Name">Their name at the time of the action.</param>
public sealed record Actor(Guid Id, string Name);

/// <summary>
/// A request with which a member of staff changes something. Where the Dashboard module is loaded, its audit log records who sent it and
/// whether it succeeded.
/// </summary>
public interface IStaffAction
{
    /// <summary>The action as a stable code, for example <c>adjust-prices</c>.</summary>
    string Kind { get; }

    /// <summary>Who sent the request; null when the system or a buyer did. Then the audit log does not record it.</summary>
    Actor? By { get; }

    /// <summary>What the action changes.</summary>
    ActionSubject Subject { get; }

    /// <summary>What the subject was and is must not be logged: the action is there to remove it.</summary>
    bool HidesSubject => false;
}

/// <summary>What a staff action changes.</summary>
/// <param name="Id">Null when the action creates it, or when there is only one of its kind.</param>
public readonly record struct ActionSubject(ActionSubjectKind Kind, Guid? Id = null);

/// <summary>Kinds of things that staff actions change.</summary>
public enum ActionSubjectKind
{
    Event,
    Order,
    User,
    DeadLetter,
    ReadModel,

    /// <summary>A payment, or money that belongs to none.</summary>
    Payment,

    /// <summary>A clerk's shift at the counter.</summary>
    Shift,

    /// <summary>A mail to somebody.</summary>
    Mail,
}
