using FluentValidation;
using MediatR;
using Microsoft.EntityFrameworkCore;
using TicketBooth.BuildingBlocks.Kernel;
using TicketBooth.BuildingBlocks.Web;
using TicketBooth.Notifications.Contracts;
using TicketBooth.Notifications.Domain;
using TicketBooth.Notifications.Storage;

namespace TicketBooth.Notifications.Staff;

/// <summary>Puts a mail into the queue again.</summary>
internal static class ResendMail
{
    internal sealed class Validator : AbstractValidator<Contracts.ResendMail>
    {
        public Validator() => RuleFor(command => command.By).NotNull().SetValidator(new ActorRules());
    }

    internal sealed class Handler(NotificationsDbContext db, TimeProvider clock) : IRequestHandler<Contracts.ResendMail, Result<MailView>>
    {
        public async Task<Result<MailView>> Handle(Contracts.ResendMail request, CancellationToken cancellationToken)
        {
            var mail = await db.Mails.AsNoTracking().FirstOrDefaultAsync(each => each.Number == request.Number, cancellationToken);
            if (mail is null)
            {
                return NotificationsErrors.MailNotFound;
            }

            if (MailKinds.HoldsSecret(mail.Kind))
            {
                return NotificationsErrors.MailHeldSecret;
            }

            // Of two who do so at once, one does.
            var now = clock.GetUtcNow();
            var changed = await db
                .Mails.Where(each => each.Number == request.Number && each.State != MailState.Waiting)
                .ExecuteUpdateAsync(
                    set =>
                        set.SetProperty(each => each.State, MailState.Waiting)
                            .SetProperty(each => each.Tries, 0)
                            .SetProperty(each => each.NextTryAt, now)
                            .SetProperty(each => each.Failure, (string?)null)
                            .SetProperty(each => each.DoneAt, (DateTimeOffset?)null),
                    cancellationToken
                );
            return changed == 0
                ? NotificationsErrors.MailWaits
                : MailViews.Of(await db.Mails.AsNoTracking().SingleAsync(each => each.Number == request.Number, cancellationToken));
        }
    }
}
