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
