using Microsoft.Extensions.Options;
using TicketBooth.BuildingBlocks.Kernel;
using TicketBooth.Payments.Domain;
using TicketBooth.Payments.Storage;

namespace TicketBooth.Payments.Paying;

/// <summary>Counts the declined payments of an order and of its buyer, in the store: for all hosts, and after a restart.</summary>
/// <remarks>
/// A new payment pays one read for it, of indexes that hold declined payments only. Payments that are under way are not counted: when
/// several are declined after the last one was let in, there are more declines than the limit, by no more than those.
/// </remarks>
internal sealed class AttemptLimits(IPaymentStore store, IOptions<PaymentsOptions> options, TimeProvider clock)
{
    private readonly AttemptRules rules = new(options.Value.MaxDeclinesPerOrder, options.Value.MaxDeclinesPerBuyerPerHour);

    /// <summary><c>too-many-attempts</c>, or null when another payment may begin.</summary>
    public async Task<Error?> RefusalOfAsync(Guid orderId, Guid buyerId) =>
        !rules.AreOff && rules.WaitOf(orderId, await DeclinesOfAsync(orderId, buyerId), clock.GetUtcNow()) is { } wait
            ? PaymentsErrors.TooManyAttempts(wait)
            : null;

    /// <summary>How many more may be declined, and the last that was and that is of use to the buyer to know.</summary>
    public async Task<(int? Left, Decline? Last)> ProgressOfAsync(Guid orderId, Guid buyerId)
    {
        var declines = await DeclinesOfAsync(orderId, buyerId);
        return (
            rules.LeftOf(orderId, declines, clock.GetUtcNow()),
            declines.Where(decline => decline.OrderId == orderId && !decline.IsBuyersOwn).MaxBy(decline => decline.At)
        );
    }

    private Task<IReadOnlyList<Decline>> DeclinesOfAsync(Guid orderId, Guid buyerId) =>
        store.ListDeclinesAsync(orderId, buyerId, clock.GetUtcNow() - AttemptRules.Window);
}
