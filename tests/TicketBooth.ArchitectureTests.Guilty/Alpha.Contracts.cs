using MediatR;
using Microsoft.AspNetCore.Http;
using TicketBooth.BuildingBlocks.Kernel;
using TicketBooth.BuildingBlocks.Messaging.Modules;

namespace TicketBooth.ArchitectureTests.Guilty.Alpha.Contracts;

/// <summary>Innocent: answered once, in its own module, and has nothing to validate.</summary>
public sealed record Answered(Guid Id, bool Flag, DateTimeOffset At, IReadOnlyList<Guid> Ids, Mood Mood) : IRequest<Result<Done>>;

/// <summary>Innocent: its validator is found.</summary>
public sealed record Validated(string Name) : IRequest<Result<Done>>;

/// <summary>Guilty: nobody answers it.</summary>
public sealed record Unanswered(Guid Id) : IRequest<Result<Done>>;

/// <summary>Guilty: two answer it.</summary>
public sealed record AnsweredTwice(Guid Id) : IRequest<Result<Done>>;

/// <summary>Guilty: another module answers it.</summary>
public sealed record AnsweredElsewhere(Guid Id) : IRequest<Result<Done>>;

/// <summary>Guilty: nobody looks at how many.</summary>
public sealed record Unvalidated(int? HowMany) : IRequest<Result<Done>>;

/// <summary>Guilty: nobody looks at the text inside.</summary>
public sealed record UnvalidatedInside(IReadOnlyList<Line> Lines) : IRequest<Result<Done>>;

/// <summary>Innocent.</summary>
public sealed record Line(Guid Id, string Text);

/// <summary>Innocent.</summary>
public enum Mood
{
    /// <summary>Innocent.</summary>
    Fine,
}

/// <summary>Innocent.</summary>
public interface IMessage
{
    /// <summary>Innocent.</summary>
    Guid Id { get; }
}

public sealed record Undocumented(Guid Id);

/// <remarks>Guilty: remarks are no summary.</remarks>
public sealed record WithoutSummary(Guid Id);

/// <summary>Guilty: a class.</summary>
public sealed class NotARecord;

/// <summary>Guilty: can be inherited from.</summary>
public record Unsealed(Guid Id);

/// <summary>Guilty: nobody can see it.</summary>
internal sealed record Hidden(Guid Id);

/// <summary>Guilty: a contract knows no web.</summary>
public sealed record Webby(HttpContext Context);

/// <summary>Guilty: nor how modules are composed.</summary>
public sealed record Composed(IReadOnlyList<IModule> Modules);

/// <summary>Guilty: nor in a generic argument of a generic argument.</summary>
public sealed record Nested(Guid Id) : IRequest<Result<Page<IModule>>>;

/// <summary>Guilty: nor the inside of a module, not even in a method.</summary>
public sealed record Leaky(Guid Id)
{
    /// <summary>Guilty.</summary>
    public static string Leak() => new Alpha.Internals().ToString()!;
}
