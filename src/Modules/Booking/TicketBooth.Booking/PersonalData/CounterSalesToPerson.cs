using System.Runtime.CompilerServices;
using TicketBooth.Booking.Shards;
using TicketBooth.BuildingBlocks.Kernel;

namespace TicketBooth.Booking.PersonalData;

/// <summary>What was sold at the counter to somebody who gave a person's address, oldest first.</summary>
internal sealed class CounterSalesToPerson(ShardRegistry shards) : IPersonalData
{
    public string Section => "counterSales";

    public async IAsyncEnumerable<object> ReadAsync(Person person, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        if (person.Email is not { } email)
        {
            yield break;
        }

        foreach (var shard in shards.All)
        {
            cancellationToken.ThrowIfCancellationRequested();
            foreach (var order in (await shard.Store.OfCounterEmailAsync(email)).OrderBy(order => order.Id))
            {
                yield return order.ToView();
            }
        }
    }
}
