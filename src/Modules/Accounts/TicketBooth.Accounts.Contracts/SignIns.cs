using MediatR;
using TicketBooth.BuildingBlocks.Kernel;

namespace TicketBooth.Accounts.Contracts;

/// <summary>
/// Somebody who has proven who they are. <see cref="BeginSession"/> makes a session of it, and <see cref="ResumeSession"/> checks that at
/// every request.
/// </summary>
/// <param name="Roles">By name.</param>
/// <param name="SecurityStamp">
/// Changes with everything that ends sessions: other roles, another second factor. Keep it where its bearer cannot read or change it.
/// </param>
/// <param name="NeedsSecondFactor">The password was right and is not enough: <see cref="VerifySecondFactor"/> comes next.</param>
public sealed record SessionUser(Guid Id, string Name, IReadOnlyList<string> Roles, string SecurityStamp, bool NeedsSecondFactor);

/// <summary>
/// Signs in with a password, for a session that the caller keeps. Fails with <c>invalid-credentials</c>, <c>locked-out</c> (too many wrong
/// passwords for this address from there), <c>sign-in-busy</c> or <c>validation-failed</c>. Wrong passwords count together with those of
/// the REST sign-in.
/// </summary>
/// <param name="Email">Compared without regard to case.</param>
/// <param name="Password">As it was typed.</param>
/// <param name="From">The client's network address, as limits count it.</param>
public sealed record VerifyPassword(string Email, string Password, string From) : IRequest<Result<SessionUser>>;

/// <summary>
/// Begins a sign-in over REST for whoever has this session, as if they had proven who they are once more. Fails with <c>session-ended</c>.
/// </summary>
/// <param name="LongestIdle">As for <see cref="ResumeSession"/>.</param>
public sealed record SignInFromSession(Guid SessionId, TimeSpan LongestIdle) : IRequest<Result<IssuedTokens>>;

/// <summary>As <c>POST /api/v1/accounts/token</c> answers.</summary>
/// <param name="ExpiresIn">Seconds.</param>
public sealed record IssuedTokens(string AccessToken, string TokenType, int ExpiresIn, string RefreshToken);

/// <summary>
/// The second step of a sign-in, for a user whose password was just verified. Fails with <c>second-factor-wrong</c>, <c>locked-out</c>,
/// <c>second-factor-off</c> or <c>validation-failed</c>. Five wrong codes lock this step for five minutes.
/// </summary>
/// <param name="Code">Six digits of an authenticator app, each valid for one sign-in, or one of the recovery codes.</param>
public sealed record VerifySecondFactor(Guid UserId, string Code) : IRequest<Result<SessionUser>>;
