using FluentValidation;
using MediatR;
using TicketBooth.BuildingBlocks.Kernel;
using TicketBooth.Payments.Contracts;
using TicketBooth.Payments.Storage;

namespace TicketBooth.Payments.Facts;

/// <summary>Some payments by id, for modules that compare their data with ours.</summary>
internal static class GetPaymentFacts
{
    internal sealed class Validator : AbstractValidator<Contracts.GetPaymentFacts>
    {
        public Validator() => RuleFor(request => request.PaymentIds).NotNull();
    }

    internal sealed class Handler(IPaymentStore store) : IRequestHandler<Contracts.GetPaymentFacts, Result<IReadOnlyList<PaymentFacts>>>
    {
        public async Task<Result<IReadOnlyList<PaymentFacts>>> Handle(
            Contracts.GetPaymentFacts request,
            CancellationToken cancellationToken
        )
        {
            var found = await store.FindAsync(request.PaymentIds);
            return Result<IReadOnlyList<PaymentFacts>>.From([.. found.Select(stored => stored.ToFacts())]);
        }
    }
}
