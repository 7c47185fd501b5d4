using System.Runtime.CompilerServices;
using TicketBooth.Booking.Shards;
using TicketBooth.BuildingBlocks.Kernel;

namespace TicketBooth.Booking.PersonalData;

/// <summary>A person's orders, newest first, as the API shows them.</summary>
internal sealed class OrdersOfPerson(ShardRegistry shards) : IPersonalData
{
    private const int AtOnce = 200;

    public string Section => "orders";

    public async IAsyncEnumerable<object> ReadAsync(Person person, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        Guid? before = null;
        while (await shards.OfBuyerAsync(person.AccountId, before, AtOnce) is { Count: > 0 } page)
        {
            foreach (var order in page)
            {
                cancellationToken.ThrowIfCancellationRequested();
                yield return order.ToView();
            }

            before = page[^1].Id;
        }
    }
}
