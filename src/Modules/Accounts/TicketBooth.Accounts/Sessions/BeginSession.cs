using System.Security.Cryptography;
using System.Text;
using FluentValidation;
using MediatR;
using Microsoft.EntityFrameworkCore;
using TicketBooth.Accounts.Contracts;
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

    internal sealed class Handler(AccountsDbContext db, AccountMessages messages, TimeProvider clock)
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
                Device = Cut(request.Device, Session.LongestDevice),
                Address = Cut(request.Address, Session.LongestAddress),
            };
            db.Sessions.Add(session);
            await KnowDeviceAsync(user, session, cancellationToken);
            await db.SaveChangesAsync(cancellationToken);
            return session.Id;
        }

        /// <summary>Tells of a device that was not seen before, unless it is the first one of all.</summary>
        private async Task KnowDeviceAsync(User user, Session session, CancellationToken cancellationToken)
        {
            var hash = SHA256.HashData(Encoding.UTF8.GetBytes(session.Device));
            var known = await db
                .KnownDevices.Where(device => device.UserId == user.Id)
                .Select(device => device.Hash)
                .ToListAsync(cancellationToken);
            if (known.Exists(hash.SequenceEqual))
            {
                return;
            }

            db.KnownDevices.Add(new KnownDevice { UserId = user.Id, Hash = hash });
            if (known.Count > 0)
            {
                await messages.TellAsync(
                    cancellationToken,
                    new SignedInOnNewDevice(
                        user.Id,
                        user.Name,
                        user.Email!,
                        user.Language,
                        session.Device,
                        session.Address,
                        session.BeganAt
                    )
                );
            }
        }
    }

    private static string Cut(string text, int longest) => text.Length <= longest ? text : text[..longest];
}
