using TicketBooth.BuildingBlocks.Kernel;

namespace TicketBooth.Accounts;

/// <summary>The expected failures of this module.</summary>
internal static class AccountsErrors
{
    public static readonly Error EmailTaken = Error.Conflict("email-taken", "There is already an account with this e-mail address.");

    public static readonly Error NoSuchAccount = Error.NotFound("account-not-found", "There is no such account.");

    public static readonly Error LastAdmin = Error.Conflict("last-admin", "This is the last administrator; appoint another one first.");

    public static readonly Error RoleLost = Error.Forbidden("role-lost", "You are not an administrator any more; nothing was changed.");

    public static readonly Error RolesChanged = Error.Conflict(
        "roles-changed",
        "Somebody else has changed the roles of this account; nothing was changed."
    );

    /// <summary>As <see cref="RolesChanged"/>, to a client that sent <c>If-Match</c>.</summary>
    public static readonly Error RolesStale = RolesChanged with { Kind = ErrorKind.Stale };

    public static readonly Error OwnAccount = Error.Conflict("own-account", "Nobody disables their own account.");

    /// <remarks>Only for those who know the password.</remarks>
    public static readonly Error AccountDisabled = Unauthenticated("account-disabled", "This account is disabled.");

    public static readonly Error InvitationInvalid = Error.NotFound(
        "invitation-invalid",
        "The invitation is unknown, was used before, or has expired. Ask an administrator for a new one."
    );

    public static readonly Error InvitationAccepted = Error.Conflict("invitation-accepted", "The invitation was accepted already.");

    /// <remarks>One answer for every reason: it tells nothing about an account.</remarks>
    public static readonly Error MailTokenInvalid = Error.Rule(
        "mail-token-invalid",
        "The token of the mail is unknown, was used before, or has expired. Ask for a new mail."
    );

    /// <remarks>One answer for a wrong password and for an unknown address.</remarks>
    public static readonly Error InvalidCredentials = Unauthenticated(
        "invalid-credentials",
        "The e-mail address or the password is wrong."
    );

    public static readonly Error SecondFactorNeeded = Unauthenticated(
        "second-factor-needed",
        "The password is right; send it again with code: six digits of the authenticator app, or a recovery code."
    );

    /// <remarks>One answer for a wrong code and for one that was used before.</remarks>
    public static readonly Error SecondFactorWrong = Unauthenticated(
        "second-factor-wrong",
        "The code is wrong, too old, or was used before."
    );

    public static readonly Error SecondFactorOff = Error.Conflict("second-factor-off", "The second factor is not switched on.");

    public static readonly Error SecondFactorOn = Error.Conflict("second-factor-on", "The second factor is already switched on.");

    public static readonly Error SecondFactorNotBegun = Error.Conflict(
        "second-factor-not-begun",
        "There is no key to confirm; begin again."
    );

    public static readonly Error SessionEnded = Unauthenticated("session-ended", "The session has ended; sign in again.");

    public static readonly Error RefreshTokenInvalid = Unauthenticated(
        "refresh-token-invalid",
        "The refresh token is unknown, expired or revoked. Sign in again."
    );

    public static readonly Error RefreshTokenReused = Unauthenticated(
        "refresh-token-reused",
        "The refresh token was used before, so somebody may have copied it. Everything that came from it is revoked; sign in again."
    );

    public static readonly Error TokenMissing = Unauthenticated("unauthenticated", "Send an access token in the Authorization header.");

    public static readonly Error TokenExpired = Unauthenticated(
        "token-expired",
        "The access token has expired; get a new one with the refresh token."
    );

    public static readonly Error TokenOutdated = Unauthenticated(
        "token-outdated",
        "The roles of this account have changed since the access token was issued; get a new one with the refresh token."
    );

    public static readonly Error TokenEnded = Unauthenticated(
        "token-ended",
        "The bearer of the access token has signed out; sign in again."
    );

    public static readonly Error TokenInvalid = Unauthenticated("token-invalid", "The access token was not issued by this service.");

    public static readonly Error Busy = Error.Unavailable(
        "sign-in-busy",
        "Too many people are signing in right now; try again.",
        TimeSpan.FromSeconds(5)
    );

    public static readonly Error Unavailable = Error.Unavailable(
        "unavailable",
        "Accounts cannot be read right now; try again.",
        TimeSpan.FromSeconds(5)
    );

    /// <remarks>Only for those who get mails to the address.</remarks>
    public static readonly Error AccountExists = Error.Conflict(
        "account-exists",
        "There is an account with this e-mail address. Sign in with its password, or ask for a new one."
    );

    public static readonly Error StaffAccount = Error.Conflict(
        "staff-account",
        "The account belongs to a member of staff. An administrator must take the staff roles from it first."
    );

    public static Error EmailChangePause(TimeSpan wait) =>
        new(
            "email-change-pause",
            ErrorKind.TooManyRequests,
            "Too many mails were sent to confirm another e-mail address; wait for the time in Retry-After.",
            RetryAfter: wait
        );

    public static Error GuestPause(TimeSpan wait) =>
        new(
            "guest-pause",
            ErrorKind.TooManyRequests,
            "Too many requests to buy as a guest came from this network address; wait for the time in Retry-After.",
            RetryAfter: wait
        );

    public static Error LockedOut(TimeSpan wait) =>
        new(
            "locked-out",
            ErrorKind.Unauthenticated,
            "Too many wrong passwords or codes; wait for the time in Retry-After.",
            RetryAfter: wait
        );

    public static Error SignUpPause(TimeSpan wait) =>
        new(
            "sign-up-pause",
            ErrorKind.TooManyRequests,
            "Too many sign-ups from this network address named an address that has an account; wait for the time in Retry-After.",
            RetryAfter: wait
        );

    public static Error PasswordResetPause(TimeSpan wait) =>
        new(
            "password-reset-pause",
            ErrorKind.TooManyRequests,
            "Too many requests for a new password came from this network address; wait for the time in Retry-After.",
            RetryAfter: wait
        );

    public static Error WrongPassword(string objection, string field = "password") =>
        new(
            "validation-failed",
            ErrorKind.Rule,
            "The request breaks at least one rule; see errors.",
            new Dictionary<string, string[]>(StringComparer.Ordinal) { [field] = [objection] }
        );

    private static Error Unauthenticated(string code, string detail) => new(code, ErrorKind.Unauthenticated, detail);
}
