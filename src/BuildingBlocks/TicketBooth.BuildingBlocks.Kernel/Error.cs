namespace TicketBooth.BuildingBlocks.Kernel;

/// <summary>The class of an expected failure; decides the HTTP status (see <c>Web/Problems.cs</c>).</summary>
public enum ErrorKind
{
    /// <summary>The request itself is malformed (400).</summary>
    Malformed,

    /// <summary>The caller is not signed in, or their token is not valid (401).</summary>
    Unauthenticated,

    /// <summary>The caller is known, but not allowed (403).</summary>
    Forbidden,

    /// <summary>It does not exist, or the caller may not see it (404).</summary>
    NotFound,

    /// <summary>Another request was first, or the state has changed (409).</summary>
    Conflict,

    /// <summary>The request is about a state that has passed (412).</summary>
    Stale,

    /// <summary>The request is well-formed, but breaks a rule (422).</summary>
    Rule,

    /// <summary>The caller sent too many requests (429).</summary>
    TooManyRequests,

    /// <summary>It is not possible now; the caller may try again (503).</summary>
    Unavailable,
}

/// <summary>An expected failure, as a value.</summary>
/// <param name="Code">Stable, kebab-case, for programs; never reworded.</param>
/// <param name="Kind">Decides the HTTP status.</param>
/// <param name="Detail">For people; may change.</param>
/// <param name="Fields">For a failed validation: the messages by field name (camelCase path).</param>
/// <param name="RetryAfter">
/// How long to wait before the next attempt, for <see cref="ErrorKind.Unavailable"/> and <see cref="ErrorKind.TooManyRequests"/>.
/// </param>
/// <param name="Figures">Numbers for programs besides the code: further members of the problem document, by name.</param>
/// <param name="Ids">The same for ids.</param>
/// <param name="IdLists">The same for lists of ids.</param>
public sealed record Error(
    string Code,
    ErrorKind Kind,
    string Detail,
    IReadOnlyDictionary<string, string[]>? Fields = null,
    TimeSpan? RetryAfter = null,
    IReadOnlyDictionary<string, long>? Figures = null,
    IReadOnlyDictionary<string, Guid>? Ids = null,
    IReadOnlyDictionary<string, IReadOnlyList<Guid>>? IdLists = null
)
{
    public static Error NotFound(string code, string detail) => new(code, ErrorKind.NotFound, detail);

    public static Error Conflict(string code, string detail) => new(code, ErrorKind.Conflict, detail);

    public static Error Rule(string code, string detail) => new(code, ErrorKind.Rule, detail);

    public static Error Forbidden(string code, string detail) => new(code, ErrorKind.Forbidden, detail);

    public static Error Unavailable(string code, string detail, TimeSpan retryAfter) =>
        new(code, ErrorKind.Unavailable, detail, RetryAfter: retryAfter);
}
