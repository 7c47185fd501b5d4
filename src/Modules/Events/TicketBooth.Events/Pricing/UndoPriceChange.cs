using FluentValidation;
using MediatR;
using TicketBooth.BuildingBlocks.Kernel;
using TicketBooth.BuildingBlocks.Web;
using TicketBooth.Events.Contracts;
using TicketBooth.Events.Domain;
using TicketBooth.Events.Managing;
using TicketBooth.Events.Storage;

namespace TicketBooth.Events.Pricing;

/// <summary>Takes back the last change of prices by staff.</summary>
internal static partial class UndoPriceChange
{
    internal sealed class Validator : AbstractValidator<Contracts.UndoPriceChange>
    {
        public Validator() => RuleFor(request => request.By).SetValidator(new ActorRules());
    }

    internal sealed partial class Handler(EventWriter writer, IPriceHistoryStore prices, ILogger<Handler> logger)
        : IRequestHandler<Contracts.UndoPriceChange, Result<EventPricing>>
    {
        public async Task<Result<EventPricing>> Handle(Contracts.UndoPriceChange request, CancellationToken cancellationToken)
        {
            var undone = await writer.ChangeAsync(request.EventId, (current, now) => Decide(current, request, now));
            if (undone.Error is { } error)
            {
                return error;
            }

            LogUndone(logger, request.EventId, request.By.Id);
            return await PricingViews.ShowAsync(prices, undone.Value.After, undone.Value.At);
        }

        private static Result<EventChange> Decide(Event current, Contracts.UndoPriceChange request, DateTimeOffset now) =>
            current
                .UndoChange(request.ChangedAt, now)
                .Map(undone =>
                {
                    // The kind of the change that is taken back; without a percentage, for tiers may come back by different ones.
                    var cause = new PriceCause(
                        current.Undo!.Reason == PriceChangeReason.PolicyChanged
                            ? PriceChangeReason.PolicyChanged
                            : PriceChangeReason.Edited,
                        request.By
                    );
                    if (undone.Policy == current.Policy)
                    {
                        return EventChange.Of(current, undone, now, cause);
                    }

                    var policy = new PolicyChange(undone.Id, undone.Version, now, request.By, current.Policy, undone.Policy);
                    var message = new PricingPolicyChanged(undone.Id, undone.Version, policy.Before, policy.After, policy.By, now);
                    return EventChange.Of(current, undone, now, cause, message, policy);
                });

        [LoggerMessage(
            EventId = 3013,
            Level = LogLevel.Information,
            Message = "The last change of the prices of event {EventId} taken back by user {UserId}"
        )]
        private static partial void LogUndone(ILogger logger, Guid eventId, Guid userId);
    }
}
