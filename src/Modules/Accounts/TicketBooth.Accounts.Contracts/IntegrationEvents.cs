using TicketBooth.BuildingBlocks.Kernel;

namespace TicketBooth.Accounts.Contracts;

/// <summary>What every message about an account says of its holder. The account's id is the key that keeps its messages in order.</summary>
public interface IAccountMessage : IIntegrationEvent
{
    Guid AccountId { get; }

    string Name { get; }

    /// <summary>Where a mail about it goes.</summary>
    string Email { get; }

    /// <summary><c>pt-BR</c> or <c>en</c>; null when nobody said.</summary>
    string? Language { get; }

    DateTimeOffset At { get; }
}

/// <summary>Somebody signed up.</summary>
public sealed record AccountCreated(Guid AccountId, string Name, string Email, string? Language, DateTimeOffset At) : IAccountMessage;

/// <summary>Somebody is to prove that a mail to their address reaches them.</summary>
/// <param name="Token">For <c>POST /api/v1/accounts/confirm</c>, once. A secret: it belongs into the mail and nowhere else.</param>
public sealed record EmailConfirmationAsked(
    Guid AccountId,
    string Name,
    string Email,
    string? Language,
    string Token,
    DateTimeOffset ExpiresAt,
    DateTimeOffset At
) : IAccountMessage;

/// <summary>Somebody wants to choose a new password.</summary>
/// <param name="Token">For <c>PUT /api/v1/accounts/password</c>, once. A secret: it belongs into the mail and nowhere else.</param>
public sealed record PasswordResetAsked(
    Guid AccountId,
    string Name,
    string Email,
    string? Language,
    string Token,
    DateTimeOffset ExpiresAt,
    DateTimeOffset At
) : IAccountMessage;

/// <summary>An account has a new password.</summary>
public sealed record PasswordChanged(Guid AccountId, string Name, string Email, string? Language, DateTimeOffset At) : IAccountMessage;

/// <summary>Somebody was invited to the staff, or their invitation was renewed.</summary>
/// <param name="Role">The name of the role.</param>
/// <param name="Token">For the page of the invitation, once. A secret: it belongs into the mail and nowhere else.</param>
public sealed record StaffInvited(
    Guid AccountId,
    string Name,
    string Email,
    string? Language,
    string Role,
    string Token,
    DateTimeOffset ExpiresAt,
    DateTimeOffset At
) : IAccountMessage;

/// <summary>A member of staff signed in with a device that was not seen before.</summary>
/// <param name="Device">What the browser or program calls itself.</param>
/// <param name="Address">The network address.</param>
public sealed record SignedInOnNewDevice(
    Guid AccountId,
    string Name,
    string Email,
    string? Language,
    string Device,
    string Address,
    DateTimeOffset At
) : IAccountMessage;

/// <summary>Somebody wants another address: they are to prove that a mail to it reaches them.</summary>
/// <param name="Email">The new one.</param>
/// <param name="Token">For <c>POST /api/v1/accounts/confirm</c>, once. A secret: it belongs into the mail and nowhere else.</param>
public sealed record EmailChangeAsked(
    Guid AccountId,
    string Name,
    string Email,
    string? Language,
    string Token,
    DateTimeOffset ExpiresAt,
    DateTimeOffset At
) : IAccountMessage;

/// <summary>An account has another address.</summary>
/// <param name="Email">The former one, which is told.</param>
/// <param name="NewEmail">The one that holds from now on.</param>
public sealed record EmailChanged(Guid AccountId, string Name, string Email, string? Language, string NewEmail, DateTimeOffset At)
    : IAccountMessage;

/// <summary>Somebody without an account wants to buy, and is to prove that a mail to their address reaches them.</summary>
/// <param name="AccountId">A new id, which keeps the message apart from others: there may be no account.</param>
/// <param name="Name">Empty when they gave none.</param>
/// <param name="Token">For <c>POST /api/v1/accounts/guest/confirm</c>, once. A secret: it belongs into the mail and nowhere else.</param>
public sealed record GuestAccessAsked(
    Guid AccountId,
    string Name,
    string Email,
    string? Language,
    string Token,
    DateTimeOffset ExpiresAt,
    DateTimeOffset At
) : IAccountMessage;

/// <summary>
/// A person was erased: the account holds nothing about them any more, and every module removes what it holds. Doing so again changes
/// nothing.
/// </summary>
/// <param name="Name">As it was, to find copies by. It must not be stored.</param>
/// <param name="Email">As the name.</param>
/// <param name="EmailConfirmed">
/// The address was proven to be theirs. Otherwise nothing may be removed by the address alone: it may be somebody else's.
/// </param>
public sealed record AccountErased(Guid AccountId, string Name, string Email, string? Language, bool EmailConfirmed, DateTimeOffset At)
    : IAccountMessage;
