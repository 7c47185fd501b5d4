using MediatR;
using TicketBooth.BuildingBlocks.Kernel;

namespace TicketBooth.Accounts.Contracts;

/// <summary>
/// Erases everything about a person who has asked for it; orders and payments stay, with nothing but ids. This cannot be undone. Fails with
/// <c>role-lost</c> when <paramref name="By"/> is not an administrator, <c>account-not-found</c>, <c>last-admin</c>,
/// <c>staff-account</c>, or for what must end first: <c>order-open</c>, <c>tickets-valid</c>, <c>refund-open</c>, <c>dispute-open</c>.
/// </summary>
/// <param name="By">Who does it.</param>
public sealed record EraseAccount(Guid UserId, Actor By) : IRequest<Result<ErasedAccount>>, IStaffAction
{
    string IStaffAction.Kind => "erase-account";

    ActionSubject IStaffAction.Subject => new(ActionSubjectKind.User, UserId);

    bool IStaffAction.HidesSubject => true;
}

/// <summary>All that is left of an account.</summary>
public sealed record ErasedAccount(Guid Id);
