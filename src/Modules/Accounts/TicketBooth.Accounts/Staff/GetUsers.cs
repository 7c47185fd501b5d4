using FluentValidation;
using MediatR;
using TicketBooth.Accounts.Contracts;
using TicketBooth.Accounts.Storage;
using TicketBooth.BuildingBlocks.Kernel;

namespace TicketBooth.Accounts.Staff;

/// <summary>Accounts by id.</summary>
internal static class GetUsers
{
    internal sealed class Validator : AbstractValidator<Contracts.GetUsers>
    {
        public Validator() =>
            RuleFor(request => request.UserIds).NotNull().Must(ids => ids?.Count <= Cursor.LargestLimit).WithMessage("At most 200.");
    }

    internal sealed class Handler(AccountsDbContext db) : IRequestHandler<Contracts.GetUsers, Result<IReadOnlyList<UserView>>>
    {
        public async Task<Result<IReadOnlyList<UserView>>> Handle(Contracts.GetUsers request, CancellationToken cancellationToken)
        {
            var ids = request.UserIds.Distinct().ToList();
            return Result<IReadOnlyList<UserView>>.From(
                await db.ViewsOfAsync(db.Users.Where(user => ids.Contains(user.Id)), cancellationToken)
            );
        }
    }
}
