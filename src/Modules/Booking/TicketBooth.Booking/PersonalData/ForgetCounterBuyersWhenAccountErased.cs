using MassTransit;
using TicketBooth.Accounts.Contracts;
using TicketBooth.Booking.Domain;
using TicketBooth.Booking.Shards;

namespace TicketBooth.Booking.PersonalData;

/// <summary>
/// Removes what an erased person gave a clerk at the counter. Orders of their account name nobody; those of the counter are found by the
/// address. A repeated message finds none any more.
/// </summary>
internal sealed class ForgetCounterBuyersWhenAccountErased(ShardRegistry shards) : IConsumer<AccountErased>
{
    public async Task Consume(ConsumeContext<AccountErased> context)
    {
        ArgumentNullException.ThrowIfNull(context);
        if (!context.Message.EmailConfirmed)
        {
            return;
        }

        // Also those that other hosts have opened.
        await shards.OpenAllAsync();
        foreach (var shard in shards.All)
        {
            foreach (var order in await shard.Store.OfCounterEmailAsync(context.Message.Email))
            {
                var forgotten = await shard.Lane.RunAsync(
                    new ChangeItem(order.Id, inbox: null, (sold, _) => CounterRules.ForgetBuyer(sold)),
                    context.CancellationToken
                );
                if (forgotten.Error is { } error)
                {
                    throw new InvalidOperationException($"The buyer of order {order.Id} is not forgotten: {error.Code}.");
                }
            }
        }
    }
}
