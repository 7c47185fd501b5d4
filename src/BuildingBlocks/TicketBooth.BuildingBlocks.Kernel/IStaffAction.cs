namespace TicketBooth.BuildingBlocks.Kernel;

/// <summary>A member of staff, as written down with what they did.</summary>
/// <param name="Name">As it was then.</param>
public sealed record Actor(Guid Id, string Name);

/// <summary>A request by which staff changes something. Where the Dashboard module is loaded, its log says who asked for what and what came of it.</summary>
public interface IStaffAction
{
    /// <summary>What is done: a stable code, for example <c>adjust-prices</c>.</summary>
    string Kind { get; }

    /// <summary>Who asks; null when it is no member of staff but the house itself, or a buyer. Then it is not an administrative act.</summary>
    Actor? By { get; }

    /// <summary>What it is done to.</summary>
    ActionSubject Subject { get; }
}

/// <summary>What an act is done to.</summary>
/// <param name="Id">Null when it is made by the act, or when there is only one of it.</param>
public readonly record struct ActionSubject(ActionSubjectKind Kind, Guid? Id = null);

/// <summary>Kinds of things that staff acts on.</summary>
public enum ActionSubjectKind
{
    Event,
    Order,
    User,
    DeadLetter,
    ReadModel,
}
