using FluentValidation;
using MediatR;
using TicketBooth.BuildingBlocks.Kernel;
using TicketBooth.Notifications.Composing;
using TicketBooth.Notifications.Contracts;
using TicketBooth.Notifications.Domain;

namespace TicketBooth.Notifications.Staff;

/// <summary>Shows what mails look like.</summary>
internal static class PreviewMail
{
    internal sealed class Validator : AbstractValidator<Contracts.PreviewMail>
    {
        public Validator()
        {
            RuleFor(query => query.Kind).NotEmpty().MaximumLength(40);
            RuleFor(query => query.Language).NotNull().MaximumLength(10);
        }
    }

    internal sealed class Handler(MailComposer composer) : IRequestHandler<Contracts.PreviewMail, Result<MailPreview>>
    {
        public Task<Result<MailPreview>> Handle(Contracts.PreviewMail request, CancellationToken cancellationToken) =>
            Task.FromResult(Preview(request));

        private Result<MailPreview> Preview(Contracts.PreviewMail request)
        {
            if (!MailKinds.All.Contains(request.Kind, StringComparer.Ordinal))
            {
                return NotificationsErrors.KindUnknown;
            }

            var composed = composer.Compose(MailSamples.Of(request.Kind, request.Language));
            return new MailPreview(composed.Subject, composed.Html, composed.Text);
        }
    }

    internal sealed class ListHandler : IRequestHandler<ListMailKinds, Result<IReadOnlyList<string>>>
    {
        public Task<Result<IReadOnlyList<string>>> Handle(ListMailKinds request, CancellationToken cancellationToken) =>
            Task.FromResult(Result<IReadOnlyList<string>>.From(MailKinds.All));
    }
}
