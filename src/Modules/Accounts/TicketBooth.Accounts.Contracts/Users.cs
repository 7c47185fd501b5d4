using System.Text.Json.Serialization;
using MediatR;
using TicketBooth.BuildingBlocks.Kernel;

namespace TicketBooth.Accounts.Contracts;

/// <summary>An account as staff see it.</summary>
/// <param name="Roles">By name.</param>
/// <param name="HasSecondFactor">Whether a sign-in needs a code besides the password.</param>
/// <param name="IsInvited">Has not accepted the invitation yet, and so has no password.</param>
public sealed record UserView(Guid Id, string Name, string Email, IReadOnlyList<string> Roles, bool HasSecondFactor, bool IsInvited = false)
{
    /// <summary>Of mails: <c>pt-BR</c> or <c>en</c>; null when nobody said.</summary>
    [JsonIgnore]
    public string? Language { get; init; }

    /// <summary>Has no password, and signs in by mails: somebody who buys as a guest.</summary>
    [JsonIgnore]
    public bool IsGuest { get; init; }

    /// <summary>A mail to the address has reached its holder. Until then it is only what somebody has typed, and proves nothing.</summary>
    [JsonIgnore]
    public bool IsEmailConfirmed { get; init; }

    /// <summary>Cannot sign in.</summary>
    public bool IsDisabled => Roles.Count == 0;
}

/// <summary>Those of the given users that exist, in any order. Fails with <c>validation-failed</c>.</summary>
/// <param name="UserIds">At most 200.</param>
public sealed record GetUsers(IReadOnlyList<Guid> UserIds) : IRequest<Result<IReadOnlyList<UserView>>>;

/// <summary>Lists accounts in the order of their e-mail addresses. Fails with <c>validation-failed</c>.</summary>
/// <param name="Search">
/// Each of its words must be the beginning of a word of the name, or of the e-mail address, without regard to case and accents; everybody
/// when left out.
/// </param>
/// <param name="Role">Only who has this one.</param>
/// <param name="Cursor">Where the previous page ended.</param>
/// <param name="Limit">1 to 200.</param>
public sealed record FindUsers(string? Search = null, string? Role = null, string? Cursor = null, int Limit = 50)
    : IRequest<Result<Page<UserView>>>;

/// <summary>
/// Replaces the roles of an account. Ends its sessions; access tokens with a staff role that was taken away are refused. Fails with
/// <c>role-lost</c> when <paramref name="By"/> is not an administrator, <c>account-not-found</c>, <c>last-admin</c>, <c>roles-changed</c>
/// or <c>validation-failed</c>.
/// </summary>
/// <param name="Roles">One or more of customer, clerk, admin, door.</param>
/// <param name="By">Who does it; null for the system.</param>
/// <param name="Replaces">
/// The roles that the account must still have, in any order, so that nobody overwrites a colleague's change unseen; null for any.
/// </param>
public sealed record ChangeUserRoles(Guid UserId, IReadOnlyList<string> Roles, Actor? By = null, IReadOnlyList<string>? Replaces = null)
    : IRequest<Result<UserView>>,
        IStaffAction
{
    string IStaffAction.Kind => "change-roles";

    ActionSubject IStaffAction.Subject => new(ActionSubjectKind.User, UserId);
}
