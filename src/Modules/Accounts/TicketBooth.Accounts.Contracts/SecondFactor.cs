using MediatR;
using TicketBooth.BuildingBlocks.Kernel;

namespace TicketBooth.Accounts.Contracts;

/// <summary>
/// Begins to set up the second factor (TOTP, RFC 6238: SHA-1, six digits, 30 seconds); nothing changes until
/// <see cref="EnableSecondFactor"/>. Repeated, it gives the same answer. Fails with <c>account-not-found</c> or <c>second-factor-on</c>.
/// </summary>
public sealed record BeginSecondFactor(Guid UserId) : IRequest<Result<SecondFactorSetup>>;

/// <summary>What an authenticator app needs to know.</summary>
/// <param name="Key">Base32, to be typed.</param>
/// <param name="Uri">The same as an <c>otpauth:</c> URI, to be shown as a QR code.</param>
public sealed record SecondFactorSetup(string Key, string Uri);

/// <summary>
/// Switches the second factor on, with a code that shows that the app has the key. Ends the user's other sessions and refresh tokens. Fails
/// with <c>account-not-found</c>, <c>second-factor-on</c>, <c>second-factor-wrong</c>, <c>second-factor-not-begun</c> or
/// <c>validation-failed</c>.
/// </summary>
/// <param name="Code">Six digits.</param>
public sealed record EnableSecondFactor(Guid UserId, string Code) : IRequest<Result<EnabledSecondFactor>>;

/// <summary>The second factor is on.</summary>
/// <param name="RecoveryCodes">
/// Each is valid once, in place of a code. Only their hashes are stored, so this is the one time to show them.
/// </param>
/// <param name="Session">The user's session from now on.</param>
public sealed record EnabledSecondFactor(IReadOnlyList<string> RecoveryCodes, SessionUser Session);

/// <summary>
/// Switches the second factor off, with a last code of it. Ends the user's other sessions. Fails with <c>second-factor-off</c>,
/// <c>second-factor-wrong</c>, <c>locked-out</c> or <c>validation-failed</c>.
/// </summary>
/// <param name="Code">As for <see cref="VerifySecondFactor"/>.</param>
public sealed record DisableSecondFactor(Guid UserId, string Code) : IRequest<Result<SessionUser>>;

/// <summary>
/// Removes the second factor of somebody who has lost it, and lifts their lockout. Ends the user's sessions. Fails with <c>role-lost</c>
/// when <paramref name="By"/> is not an administrator, or <c>account-not-found</c>; without a second factor it changes nothing.
/// </summary>
/// <param name="By">Who does it; null for the system.</param>
public sealed record ResetSecondFactor(Guid UserId, Actor? By = null) : IRequest<Result<UserView>>, IStaffAction
{
    string IStaffAction.Kind => "reset-second-factor";

    ActionSubject IStaffAction.Subject => new(ActionSubjectKind.User, UserId);
}
