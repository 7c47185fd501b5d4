using System.Collections.Concurrent;
using MediatR;
using TicketBooth.BuildingBlocks.Kernel;
using TicketBooth.Payments.Contracts;

namespace TicketBooth.Events.Tests;

/// <summary>Payments as Events sees it: what its gateways accept, shared by all hosts of this process. A test that changes it takes a currency of its own.</summary>
internal sealed class FakePayments : IRequestHandler<GetAcceptedCurrencies, Result<AcceptedCurrencies>>
{
    public static ConcurrentDictionary<string, bool> Accepted { get; } = new(new[] { "BRL", "USD", "JPY", "KWD", "CHF" }.Select(code => KeyValuePair.Create(code, true)), StringComparer.Ordinal);

    public Task<Result<AcceptedCurrencies>> Handle(GetAcceptedCurrencies request, CancellationToken cancellationToken) =>
        Task.FromResult(Result<AcceptedCurrencies>.From(new AcceptedCurrencies([.. Accepted.Keys])));
}
