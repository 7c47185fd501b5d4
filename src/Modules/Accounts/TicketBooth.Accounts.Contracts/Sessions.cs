using MediatR;
using TicketBooth.BuildingBlocks.Kernel;

namespace TicketBooth.Accounts.Contracts;

/// <summary>
/// Stores a session of somebody who has just proven who they are, and answers with its id, which only their browser may learn. Fails with
/// <c>session-ended</c> when something that ends sessions happened since, or with <c>validation-failed</c>.
/// </summary>
/// <param name="SecurityStamp">That of the <see cref="SessionUser"/>.</param>
/// <param name="Device">What the browser calls itself; cut at 256 characters.</param>
/// <param name="Address">The network address; cut at 64 characters.</param>
/// <param name="Longest">The session ends after this time, however busy it is.</param>
public sealed record BeginSession(Guid UserId, string SecurityStamp, string Device, string Address, TimeSpan Longest)
    : IRequest<Result<Guid>>;

/// <summary>Checks whether a session is still valid; answers with the user's present roles. Fails with <c>session-ended</c>.</summary>
/// <param name="LongestIdle">Without a request for this long, the session has ended.</param>
/// <param name="IsRequest">Whether this is a request of the user, and not a check during a long one.</param>
public sealed record ResumeSession(Guid SessionId, TimeSpan LongestIdle, bool IsRequest = true) : IRequest<Result<SessionUser>>;

/// <summary>The sessions of a user that have not ended, the last used first.</summary>
/// <param name="LongestIdle">As for <see cref="ResumeSession"/>.</param>
public sealed record ListSessions(Guid UserId, TimeSpan LongestIdle) : IRequest<Result<IReadOnlyList<SessionView>>>;

/// <summary>A session as its user sees it.</summary>
/// <param name="SeenAt">The last request, to the minute.</param>
/// <param name="EndsAt">When it ends at the latest.</param>
/// <param name="Device">What the browser calls itself.</param>
/// <param name="Address">The network address that it began from.</param>
public sealed record SessionView(
    Guid Id,
    DateTimeOffset BeganAt,
    DateTimeOffset SeenAt,
    DateTimeOffset EndsAt,
    string Device,
    string Address
);

/// <summary>Ends a session of this user; succeeds also when it has ended already.</summary>
public sealed record EndSession(Guid UserId, Guid SessionId) : IRequest<Result<Done>>;

/// <summary>Ends all sessions of this user but one, and all their sign-ins over REST.</summary>
/// <param name="Kept">The session that goes on.</param>
public sealed record EndOtherSessions(Guid UserId, Guid Kept) : IRequest<Result<Done>>;

/// <summary>
/// Whether the sign-in that an access token came from has ended, so that a request with it would be refused. For what outlasts its request,
/// as a stream does.
/// </summary>
/// <param name="SignIn">The token's <c>sid</c>.</param>
public sealed record HasSignInEnded(Guid SignIn) : IRequest<Result<bool>>;
