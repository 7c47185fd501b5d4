using FluentValidation;
using MediatR;
using Microsoft.EntityFrameworkCore;
using TicketBooth.Accounts.Contracts;
using TicketBooth.Accounts.Storage;
using TicketBooth.BuildingBlocks.Kernel;
using TicketBooth.BuildingBlocks.Web;

namespace TicketBooth.Accounts.SigningIn;

/// <summary>Says whether a session still holds.</summary>
internal static class CheckSession
{
    internal sealed class Validator : AbstractValidator<ResumeSession>
    {
        public Validator() => RuleFor(request => request.SecurityStamp).NotEmpty().WithMessage("Needed.");
    }

    internal sealed class Handler(AccountsDbContext db) : IRequestHandler<ResumeSession, Result<SessionUser>>
    {
        public async Task<Result<SessionUser>> Handle(ResumeSession request, CancellationToken cancellationToken)
        {
            var user = await db.Users.AsNoTracking().FirstOrDefaultAsync(u => u.Id == request.UserId, cancellationToken);
            return user?.SecurityStamp == request.SecurityStamp && user is not null
                ? await db.ToSessionAsync(user, needsSecondFactor: false, cancellationToken)
                : AccountsErrors.SessionEnded;
        }
    }
}
