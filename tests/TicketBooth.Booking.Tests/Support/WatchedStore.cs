using System.Collections.Concurrent;
using TicketBooth.Booking.Domain;
using TicketBooth.Booking.Shards;
using TicketBooth.Booking.Storage;

namespace TicketBooth.Booking.Tests.Support;

/// <summary>A store that a test can hold back, make fail, and read along with.</summary>
internal sealed class WatchedStore(IOrderStore store) : IOrderStore
{
    private Exception? failsOnce;
    private int looks;
    private int mapReads;
    private int buyerReads;
    private int freeCounts;
    private bool loadsPass;
    private TaskCompletionSource? gate;
    private TaskCompletionSource reached = NewSource();

    public ITicketBlockStore Blocks => store.Blocks;

    /// <summary>Every write with its outcome, in the order in which the store made them.</summary>
    public ConcurrentQueue<(OrderChange Change, WriteOutcome Outcome)> Written { get; } = new();

    /// <summary>Every order that was loaded, as often as it was.</summary>
    public ConcurrentQueue<Guid> Loaded { get; } = new();

    /// <summary>How many batches were written.</summary>
    public int Batches { get; private set; }

    /// <summary>How often somebody looked for holds that are over.</summary>
    public int Looks => looks;

    /// <summary>How often somebody read which tickets are taken.</summary>
    public int MapReads => mapReads;

    /// <summary>How often somebody asked whether tickets became free.</summary>
    public int FreeCounts => freeCounts;

    /// <summary>How often somebody read what buyers have.</summary>
    public int BuyerReads => buyerReads;

    /// <summary>Thrown by the next writes as long as it is set.</summary>
    public Exception? Failure { get; set; }

    /// <summary>Thrown by the next write alone.</summary>
    public void FailOnce(Exception failure) => failsOnce = failure;

    /// <summary>Lets nothing pass that loads or writes, until the gate is opened.</summary>
    public void Close()
    {
        CloseForWrites();
        loadsPass = false;
    }

    /// <summary>Lets nothing pass that writes, until the gate is opened.</summary>
    public void CloseForWrites()
    {
        reached = NewSource();
        loadsPass = true;
        gate = NewSource();
    }

    /// <summary>Lets those pass who stand in front of the gate, and closes it behind them for loads and writes.</summary>
    public void LetPass()
    {
        var opened = gate;
        Close();
        opened?.SetResult();
    }

    public static void OpenAll(ShardRegistry shards)
    {
        foreach (var shard in shards.All)
        {
            ((WatchedStore)shard.Store).Open();
        }
    }

    /// <summary>Completes when somebody stands in front of the closed gate.</summary>
    public Task ReachedAsync() => reached.Task;

    public void Open()
    {
        var opened = gate;
        gate = null;
        opened?.SetResult();
    }

    public async Task<IReadOnlyList<WriteOutcome>> WriteAsync(IReadOnlyList<OrderWrite> writes)
    {
        await PassAsync();
        if (Interlocked.Exchange(ref failsOnce, null) is { } once)
        {
            throw once;
        }

        if (Failure is { } failure)
        {
            throw failure;
        }

        var outcomes = await store.WriteAsync(writes);
        Batches++;
        for (var i = 0; i < outcomes.Count; i++)
        {
            Written.Enqueue((writes[i].Change, outcomes[i]));
        }

        return outcomes;
    }

    public async Task<IReadOnlyList<Order>> LoadAsync(IReadOnlyCollection<Guid> orderIds)
    {
        if (!loadsPass)
        {
            await PassAsync();
        }

        foreach (var id in orderIds)
        {
            Loaded.Enqueue(id);
        }

        return await store.LoadAsync(orderIds);
    }

    public Task<IReadOnlyList<Order>> HoldersAsync(IReadOnlyCollection<Guid> ticketIds) => store.HoldersAsync(ticketIds);

    public Task<IReadOnlyList<int>> TakenNumbersAsync(Guid eventId)
    {
        Interlocked.Increment(ref mapReads);
        return store.TakenNumbersAsync(eventId);
    }

    public Task<long> CountFreesAsync(Guid eventId)
    {
        Interlocked.Increment(ref freeCounts);
        return store.CountFreesAsync(eventId);
    }

    public Task<IReadOnlyList<Order>> OfBuyersAsync(IReadOnlyCollection<BuyerOfEvent> buyers)
    {
        Interlocked.Increment(ref buyerReads);
        return store.OfBuyersAsync(buyers);
    }

    public Task<IReadOnlyList<Order>> DueAsync(DateTimeOffset now, bool paymentUnderWay, int limit)
    {
        Interlocked.Increment(ref looks);
        return store.DueAsync(now, paymentUnderWay, limit);
    }

    public Task<IReadOnlyList<Order>> OfBuyerAsync(Guid buyerId, Guid? before, int limit) => store.OfBuyerAsync(buyerId, before, limit);

    public Task<IReadOnlyList<Order>> ActiveOfEventAsync(Guid eventId, Guid? after, int limit) => store.ActiveOfEventAsync(eventId, after, limit);

    public Task<IReadOnlyList<Order>> OfCounterEmailAsync(string email) => store.OfCounterEmailAsync(email);

    public Task<IReadOnlyList<Order>> OwedAtCounterAsync(Guid? after, int limit) => store.OwedAtCounterAsync(after, limit);

    public Task<IReadOnlyList<Order>> PageAsync(Guid? after, int limit) => store.PageAsync(after, limit);

    public Task<IReadOnlySet<Guid>> WithPendingMessagesAsync(IReadOnlyCollection<Guid> orderIds) => store.WithPendingMessagesAsync(orderIds);

    public Task<(long ClaimsWithoutOrder, long TicketsWithoutClaim, long Claims)> CountClaimsAsync() => store.CountClaimsAsync();

    private static TaskCompletionSource NewSource() => new(TaskCreationOptions.RunContinuationsAsynchronously);

    private async Task PassAsync()
    {
        if (gate is { } closed)
        {
            reached.TrySetResult();
            await closed.Task;
        }
    }
}
