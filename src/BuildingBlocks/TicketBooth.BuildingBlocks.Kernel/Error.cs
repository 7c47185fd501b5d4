namespace TicketBooth.BuildingBlocks.Kernel;

/// <summary>The class of an expected failure; decides the HTTP status (see <c>Web/Problems.cs</c>).</summary>
public enum ErrorKind
{
    /// <summary>The request itself is malformed (400).</summary>
    Malformed,

    /// <summary>Nobody, or somebody whose proof does not hold (401).</summary>
    Unauthenticated,

    /// <summary>Known, but not allowed (403).</summary>
    Forbidden,

    /// <summary>Not there, or not the caller's to see (404).</summary>
    NotFound,

    /// <summary>Somebody else was first, or the state has moved on (409).</summary>
    Conflict,

    /// <summary>Well-formed, but against a rule (422).</summary>
    Rule,

    /// <summary>Asked too often (429).</summary>
    TooManyRequests,

    /// <summary>Not now, try again (503).</summary>
    Unavailable,
}

/// <summary>An expected failure, as a value.</summary>
/// <param name="Code">Stable, kebab-case, for programs; never reworded.</param>
/// <param name="Kind">Decides the HTTP status.</param>
/// <param name="Detail">For people; may change.</param>
/// <param name="Fields">For a failed validation: the messages by field name (camelCase path).</param>
/// <param name="RetryAfter">When asking again makes sense, for <see cref="ErrorKind.Unavailable"/> and <see cref="ErrorKind.TooManyRequests"/>.</param>
/// <param name="Figures">What a program needs besides the code: further members of the problem document, by name.</param>
public sealed record Error(
    string Code,
    ErrorKind Kind,
    string Detail,
    IReadOnlyDictionary<string, string[]>? Fields = null,
    TimeSpan? RetryAfter = null,
    IReadOnlyDictionary<string, long>? Figures = null
)
{
    public static Error NotFound(string code, string detail) => new(code, ErrorKind.NotFound, detail);

    public static Error Conflict(string code, string detail) => new(code, ErrorKind.Conflict, detail);

    public static Error Rule(string code, string detail) => new(code, ErrorKind.Rule, detail);

    public static Error Forbidden(string code, string detail) => new(code, ErrorKind.Forbidden, detail);

    public static Error Unavailable(string code, string detail, TimeSpan retryAfter) =>
        new(code, ErrorKind.Unavailable, detail, RetryAfter: retryAfter);
}
