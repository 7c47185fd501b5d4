using FluentValidation;
using MediatR;
using Microsoft.EntityFrameworkCore;
using TicketBooth.Accounts.Mails;
using TicketBooth.Accounts.Storage;
using TicketBooth.BuildingBlocks.Kernel;

namespace TicketBooth.Accounts.Sessions;

/// <summary>Stores a session, and removes those of the same user whose time is over.</summary>
internal static class BeginSession
{
    internal sealed class Validator : AbstractValidator<Contracts.BeginSession>
    {
        public Validator()
        {
            RuleFor(request => request.SecurityStamp).NotEmpty().WithMessage("Needed.");
            RuleFor(request => request.Longest).GreaterThan(TimeSpan.Zero).WithMessage("More than nothing.");
        }
    }

    internal sealed class Handler(AccountsDbContext db, NewDevices devices, TimeProvider clock)
        : IRequestHandler<Contracts.BeginSession, Result<Guid>>
    {
        // In isolation: a session that begins while the roles change must not outlive the change.
        public Task<Result<Guid>> Handle(Contracts.BeginSession request, CancellationToken cancellationToken) =>
            db.IsolatedAsync(attempt => BeginAsync(request, attempt), cancellationToken);

        private async Task<Result<Guid>> BeginAsync(Contracts.BeginSession request, CancellationToken cancellationToken)
        {
            var user = await db
                .Users.AsNoTracking()
                .FirstOrDefaultAsync(u => u.Id == request.UserId && u.SecurityStamp == request.SecurityStamp, cancellationToken);
            if (user is null)
            {
                return AccountsErrors.SessionEnded;
            }

            var now = clock.GetUtcNow();
            await db.Sessions.Where(s => s.UserId == request.UserId && s.EndsAt <= now).ExecuteDeleteAsync(cancellationToken);
            var session = new Session
            {
                Id = Guid.CreateVersion7(now),
                UserId = request.UserId,
                BeganAt = now,
                SeenAt = now,
                EndsAt = now + request.Longest,
                Device = Session.CutDevice(request.Device),
                Address = Session.CutAddress(request.Address),
            };
            db.Sessions.Add(session);
            await devices.KnowAsync(user, session.Device, session.Address, now, cancellationToken);
            await db.SaveChangesAsync(cancellationToken);
            return session.Id;
        }
    }
}
