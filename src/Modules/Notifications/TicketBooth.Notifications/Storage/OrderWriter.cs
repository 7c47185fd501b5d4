using System.Data;
using TicketBooth.BuildingBlocks.Storage.Relational;
using TicketBooth.BuildingBlocks.Storage.Relational.Statements;

namespace TicketBooth.Notifications.Storage;

/// <summary>Writes orders and the mails that they make, together.</summary>
/// <remarks>
/// Two hosts may learn of one order at once, from two topics: the row of an order that both know is locked by one, and a row that both add
/// is refused to the other, which begins again and then finds it.
/// </remarks>
internal sealed class OrderWriter([FromKeyedServices(NotificationsDbContext.Module)] RelationalStorage storage) : IDisposable
{
    // Of an order that nobody knows yet nothing is locked: hosts that learn of others do not wait for each other.
    private readonly SqlWriter writer = new(storage, IsolationLevel.ReadCommitted);

    /// <summary>Commits what <paramref name="write"/> has written. Runs it again when somebody else was faster.</summary>
    public async Task<T> WriteAsync<T>(Func<OrderTables, Task<T>> write, CancellationToken cancellationToken)
    {
        while (true)
        {
            try
            {
                return await writer.WriteAsync(sql => write(new OrderTables(sql, cancellationToken)), cancellationToken);
            }
            catch (Exception failure) when (RelationalStorage.IsLostRace(failure))
            {
                cancellationToken.ThrowIfCancellationRequested();
            }
        }
    }

    public void Dispose() => writer.Dispose();
}
