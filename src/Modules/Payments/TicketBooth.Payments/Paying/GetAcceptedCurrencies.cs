using MediatR;
using TicketBooth.BuildingBlocks.Kernel;
using TicketBooth.Payments.Contracts;
using TicketBooth.Payments.Gateways;

namespace TicketBooth.Payments.Paying;

/// <summary>The currencies that buyers can pay in, for the module that decides which currency an event is sold in.</summary>
internal static class GetAcceptedCurrencies
{
    internal sealed class Handler(PaymentGateways gateways) : IRequestHandler<Contracts.GetAcceptedCurrencies, Result<AcceptedCurrencies>>
    {
        public Task<Result<AcceptedCurrencies>> Handle(Contracts.GetAcceptedCurrencies request, CancellationToken cancellationToken)
        {
            var lists = gateways.All.Select(gateway => gateway.Abilities.Currencies).ToList();
            IReadOnlyList<string>? union = lists.Contains(null)
                ? null
                : [.. lists.SelectMany(list => list!).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal)];
            return Task.FromResult(Result<AcceptedCurrencies>.From(new AcceptedCurrencies(union)));
        }
    }
}
