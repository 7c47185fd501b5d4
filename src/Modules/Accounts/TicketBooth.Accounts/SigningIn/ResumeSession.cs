using FluentValidation;
using MediatR;
using Microsoft.EntityFrameworkCore;
using TicketBooth.Accounts.Contracts;
using TicketBooth.Accounts.Storage;
using TicketBooth.BuildingBlocks.Kernel;

namespace TicketBooth.Accounts.SigningIn;

/// <summary>Tells whether a session is still valid.</summary>
internal static class ResumeSession
{
    internal sealed class Validator : AbstractValidator<Contracts.ResumeSession>
    {
        public Validator() => RuleFor(request => request.SecurityStamp).NotEmpty().WithMessage("Needed.");
    }

    internal sealed class Handler(AccountsDbContext db) : IRequestHandler<Contracts.ResumeSession, Result<SessionUser>>
    {
        public async Task<Result<SessionUser>> Handle(Contracts.ResumeSession request, CancellationToken cancellationToken)
        {
            var user = await db.Users.AsNoTracking().FirstOrDefaultAsync(u => u.Id == request.UserId, cancellationToken);
            return user?.SecurityStamp == request.SecurityStamp && user is not null
                ? await db.ToSessionAsync(user, needsSecondFactor: false, cancellationToken)
                : AccountsErrors.SessionEnded;
        }
    }
}
