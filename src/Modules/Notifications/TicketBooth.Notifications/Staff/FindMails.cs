using System.Globalization;
using FluentValidation;
using MediatR;
using Microsoft.EntityFrameworkCore;
using TicketBooth.BuildingBlocks.Kernel;
using TicketBooth.Notifications.Contracts;
using TicketBooth.Notifications.Domain;
using TicketBooth.Notifications.Storage;

namespace TicketBooth.Notifications.Staff;

/// <summary>Lists mails for staff.</summary>
internal static class FindMails
{
    internal sealed class Validator : AbstractValidator<Contracts.FindMails>
    {
        public Validator()
        {
            RuleFor(query => query.Limit).InclusiveBetween(1, Cursor.LargestLimit);
            RuleFor(query => query.Email).MaximumLength(254);
            RuleFor(query => query.Kind).MaximumLength(40);
            RuleFor(query => query.Cursor)
                .Must(cursor => cursor is null || long.TryParse(cursor, NumberStyles.None, CultureInfo.InvariantCulture, out _))
                .WithMessage("Not a cursor.");
        }
    }

    internal sealed class Handler(NotificationsDbContext db) : IRequestHandler<Contracts.FindMails, Result<Page<MailView>>>
    {
        public async Task<Result<Page<MailView>>> Handle(Contracts.FindMails request, CancellationToken cancellationToken)
        {
            var mails = db.Mails.AsNoTracking();
            if (request.State is { } state)
            {
                mails = mails.Where(mail => mail.State == state);
            }

            if (!string.IsNullOrEmpty(request.Kind))
            {
                mails = mails.Where(mail => mail.Kind == request.Kind);
            }

            if (!string.IsNullOrEmpty(request.Email))
            {
                mails = mails.Where(mail => mail.Email == request.Email);
            }

            if (request.OrderId is { } orderId)
            {
                mails = mails.Where(mail => mail.OrderId == orderId);
            }

            if (request.Cursor is { } cursor)
            {
                var before = long.Parse(cursor, CultureInfo.InvariantCulture);
                mails = mails.Where(mail => mail.Number < before);
            }

            var found = await mails.OrderByDescending(mail => mail.Number).Take(request.Limit + 1).ToListAsync(cancellationToken);
            return Page<MailView>.Of(found.ConvertAll(MailViews.Of), request.Limit, last =>
                last.Number.ToString(CultureInfo.InvariantCulture)
            );
        }
    }
}

/// <summary>Mails as staff see them.</summary>
internal static class MailViews
{
    public static MailView Of(MailRow mail)
    {
        ArgumentNullException.ThrowIfNull(mail);
        return new(
            mail.Number,
            mail.Kind,
            mail.State,
            mail.Email,
            mail.Language,
            mail.AccountId,
            mail.OrderId,
            mail.EventId,
            mail.CreatedAt,
            mail.Tries,
            mail.State == MailState.Waiting ? mail.NextTryAt : null,
            mail.DoneAt,
            mail.Failure
        )
        {
            CanBeResent = mail.State != MailState.Waiting && !MailKinds.HoldsSecret(mail.Kind),
        };
    }
}
