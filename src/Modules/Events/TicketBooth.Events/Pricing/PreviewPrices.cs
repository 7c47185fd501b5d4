using FluentValidation;
using MediatR;
using TicketBooth.BuildingBlocks.Kernel;
using TicketBooth.Events.Contracts;
using TicketBooth.Events.Domain;
using TicketBooth.Events.Managing;
using TicketBooth.Events.Storage;

namespace TicketBooth.Events.Pricing;

/// <summary>Shows what a change of prices would do, by the rules that the change itself follows.</summary>
internal static class PreviewPrices
{
    internal sealed class AdjustmentValidator : AbstractValidator<PreviewAdjustment>
    {
        public AdjustmentValidator() =>
            RuleFor(request => request.Percentage).IsPercentage();
    }

    internal sealed class PolicyValidator : AbstractValidator<PreviewPolicy>
    {
        public PolicyValidator() => RuleFor(request => request.Policy).SetValidator(new PolicyRules()).OverridePropertyName("");
    }

    internal sealed class EditValidator : AbstractValidator<PreviewEdit>
    {
        public EditValidator() => RuleFor(request => request.Form).SetValidator(new EventFormRules()).OverridePropertyName("");
    }

    internal sealed class Handler(IEventStore store, TimeProvider clock)
        : IRequestHandler<PreviewAdjustment, Result<PricePreview>>,
            IRequestHandler<PreviewPolicy, Result<PricePreview>>,
            IRequestHandler<PreviewEdit, Result<PricePreview>>
    {
        public Task<Result<PricePreview>> Handle(PreviewAdjustment request, CancellationToken cancellationToken) =>
            TryAsync(request.EventId, (current, now) => current.Adjust(request.Percentage, now));

        public Task<Result<PricePreview>> Handle(PreviewPolicy request, CancellationToken cancellationToken) =>
            TryAsync(request.EventId, (current, now) => current.WithPolicy(request.Policy, now));

        public Task<Result<PricePreview>> Handle(PreviewEdit request, CancellationToken cancellationToken) =>
            TryAsync(request.EventId, (current, now) =>
                request.Revision is { } revision && revision != current.Revision ? EventsErrors.Changed : current.Edit(request.Form, now)
            );

        private async Task<Result<PricePreview>> TryAsync(Guid eventId, Func<Event, DateTimeOffset, Result<Event>> change)
        {
            if (await store.FindAsync(eventId) is not { } current)
            {
                return EventsErrors.NotFound;
            }

            return change(current, clock.GetUtcNow())
                .Map(after => new PricePreview(current.Version, current.Currency, PricingViews.Compare(current, after)));
        }
    }
}
