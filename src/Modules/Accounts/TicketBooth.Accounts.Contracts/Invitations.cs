using System.Text.Json.Serialization;
using MediatR;
using TicketBooth.BuildingBlocks.Kernel;

namespace TicketBooth.Accounts.Contracts;

/// <summary>
/// Makes an account with a staff role and without a password; whoever has the link of the invitation sets that. Fails with
/// <c>role-lost</c> when <paramref name="By"/> is not an administrator, <c>email-taken</c> or <c>validation-failed</c>.
/// </summary>
/// <param name="Name">1 to 200 characters.</param>
/// <param name="Email">Where the invitation is sent to.</param>
/// <param name="Role">clerk, admin or door.</param>
/// <param name="By">Who does it.</param>
public sealed record InviteStaff(string Name, string Email, string Role, Actor By) : IRequest<Result<Invitation>>, IStaffAction
{
    string IStaffAction.Kind => "invite-staff";

    ActionSubject IStaffAction.Subject => new(ActionSubjectKind.User);
}

/// <summary>
/// Makes a new link for somebody who has not accepted their invitation yet; the link before is worth nothing any more. Fails with
/// <c>role-lost</c> when <paramref name="By"/> is not an administrator, <c>account-not-found</c> or <c>invitation-accepted</c>.
/// </summary>
/// <param name="By">Who does it.</param>
public sealed record RenewInvitation(Guid UserId, Actor By) : IRequest<Result<Invitation>>, IStaffAction
{
    string IStaffAction.Kind => "renew-invitation";

    ActionSubject IStaffAction.Subject => new(ActionSubjectKind.User, UserId);
}

/// <summary>An invitation, as the administrator passes it on.</summary>
/// <param name="Token">Valid once. Not written into JSON, and so not into the audit log: it sets a password.</param>
public sealed record Invitation(UserView User, [property: JsonIgnore] string Token, DateTimeOffset ExpiresAt);

/// <summary>Whom an invitation is for. Fails with <c>invitation-invalid</c>.</summary>
public sealed record FindInvitation(string Token) : IRequest<Result<InvitedUser>>;

/// <summary>Somebody who has been invited.</summary>
public sealed record InvitedUser(string Name, string Email);

/// <summary>
/// Sets the password of somebody who was invited. Of several at once, one succeeds. Fails with <c>invitation-invalid</c>,
/// <c>sign-in-busy</c> or <c>validation-failed</c>.
/// </summary>
/// <param name="Password">As for <see cref="RegisterUser"/>.</param>
/// <param name="From">The client's network address, as limits count it.</param>
public sealed record AcceptInvitation(string Token, string Password, string From) : IRequest<Result<InvitedUser>>;

/// <summary>
/// Takes all roles from an account: its sessions and refresh tokens end, and it cannot sign in until it gets a role again. Fails with
/// <c>role-lost</c> when <paramref name="By"/> is not an administrator, <c>account-not-found</c>, <c>last-admin</c> or <c>own-account</c>.
/// </summary>
/// <param name="By">Who does it.</param>
public sealed record DisableAccount(Guid UserId, Actor By) : IRequest<Result<UserView>>, IStaffAction
{
    string IStaffAction.Kind => "disable-account";

    ActionSubject IStaffAction.Subject => new(ActionSubjectKind.User, UserId);
}
