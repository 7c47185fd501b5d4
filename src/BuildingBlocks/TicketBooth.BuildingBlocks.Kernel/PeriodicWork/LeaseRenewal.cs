namespace TicketBooth.BuildingBlocks.Kernel;

/// <summary>Keeps a lease that this host holds until it is disposed of, however long the work takes.</summary>
public sealed class LeaseRenewal : IAsyncDisposable
{
    // Two attempts may fail before the lease is lost.
    private const int AttemptsPerLease = 3;

    private readonly ILeases leases;
    private readonly string work;
    private readonly TimeSpan duration;
    private readonly TimeProvider clock;
    private readonly CancellationTokenSource done = new();
    private readonly CancellationTokenSource lost = new();
    private readonly Task renewing;

    /// <param name="leases">Where the lease is held.</param>
    /// <param name="work">The lease; this host has just taken it.</param>
    /// <param name="duration">For how long it was taken, and is taken again each time.</param>
    /// <param name="clock">Tells when it is time to renew.</param>
    public LeaseRenewal(ILeases leases, string work, TimeSpan duration, TimeProvider clock)
    {
        (this.leases, this.work, this.duration, this.clock) = (leases, work, duration, clock);
        Lost = lost.Token;
        renewing = RenewAsync();
    }

    /// <summary>Canceled when another host may have taken the lease: the work must stop.</summary>
    public CancellationToken Lost { get; }

    public async ValueTask DisposeAsync()
    {
        await done.CancelAsync();
        await renewing;
        done.Dispose();
        lost.Dispose();
    }

    private async Task RenewAsync()
    {
        var heldSince = clock.GetTimestamp();
        while (true)
        {
            await Task.Delay(duration / AttemptsPerLease, clock, done.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            if (done.IsCancellationRequested)
            {
                return;
            }

            var asked = clock.GetTimestamp();
            bool held;
            try
            {
                held = await leases.TryHoldAsync(work, duration, done.Token);
            }
#pragma warning disable CA1031 // whatever the store threw: the lease is still held until its time is over
            catch (Exception)
#pragma warning restore CA1031
            {
                if (clock.GetElapsedTime(heldSince) < duration)
                {
                    continue;
                }

                held = false;
            }

            if (!held)
            {
                await lost.CancelAsync();
                return;
            }

            heldSince = asked;
        }
    }
}
