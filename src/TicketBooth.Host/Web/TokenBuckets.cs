using System.Collections.Concurrent;

namespace TicketBooth.Host.Web;

/// <summary>
/// The token buckets of one limit: each holder has one, which is full at first, and into which tokens flow at a steady rate.
/// </summary>
internal interface ITokenBuckets
{
    /// <summary>Takes a token out of the holder's bucket, if there is one.</summary>
    ValueTask<TokenTaken> TakeAsync(string holder);
}

/// <summary>What a request got from a bucket.</summary>
/// <param name="Left">How many tokens are left.</param>
/// <param name="Wait">How long until there is one; zero for a request that got one.</param>
internal readonly record struct TokenTaken(int Left, TimeSpan Wait)
{
    public bool IsGranted => Wait <= TimeSpan.Zero;
}

/// <summary>Buckets of this process.</summary>
/// <remarks>
/// A bucket is one number, the time at which it will be full, and taking a token is one compare-and-swap: no lock, no timer, and whoever
/// takes one learns at once what is left. A full bucket is as good as none, so it is forgotten.
/// </remarks>
internal sealed class TokenBuckets(int burst, int perSecond, TimeProvider clock) : ITokenBuckets
{
    private readonly ConcurrentDictionary<string, Bucket> buckets = new(StringComparer.Ordinal);
    private readonly long perToken = clock.TimestampFrequency / perSecond;

    /// <summary>How many buckets there are.</summary>
    public int Count => buckets.Count;

    public ValueTask<TokenTaken> TakeAsync(string holder) => ValueTask.FromResult(Take(holder));

    public TokenTaken Take(string holder)
    {
        while (true)
        {
            var bucket = buckets.GetOrAdd(holder, static _ => new Bucket());
            var (now, whole) = (clock.GetTimestamp(), burst * perToken);
            if (bucket.TryTake(now, perToken, whole, out var missing))
            {
                return missing <= whole
                    ? new TokenTaken((int)((whole - missing) / perToken), TimeSpan.Zero)
                    : new TokenTaken(0, clock.GetElapsedTime(whole, missing));
            }
        }
    }

    /// <summary>Forgets the buckets that are full.</summary>
    public void ForgetFull()
    {
        var now = clock.GetTimestamp();
        foreach (var bucket in buckets)
        {
            if (bucket.Value.TryRetire(now))
            {
                buckets.TryRemove(bucket);
            }
        }
    }

    private sealed class Bucket
    {
        private const long Retired = long.MaxValue;

        private long fullAt = long.MinValue;

        /// <param name="now">A time stamp, as all times here.</param>
        /// <param name="perToken">In which time a token flows in.</param>
        /// <param name="whole">In which time an empty bucket fills.</param>
        /// <param name="missing">
        /// In which time it is full after this token; more than <paramref name="whole"/> when it has none to give.
        /// </param>
        /// <returns>False when the bucket is forgotten: the holder has a new one.</returns>
        public bool TryTake(long now, long perToken, long whole, out long missing)
        {
            var seen = Volatile.Read(ref fullAt);
            while (seen != Retired)
            {
                var after = Math.Max(seen, now) + perToken;
                missing = after - now;
                var found = missing > whole ? seen : Interlocked.CompareExchange(ref fullAt, after, seen);
                if (found == seen)
                {
                    return true;
                }

                seen = found;
            }

            missing = 0;
            return false;
        }

        /// <summary>Makes sure that nobody takes from a bucket that is about to be forgotten. False when it is not full.</summary>
        public bool TryRetire(long now)
        {
            var seen = Volatile.Read(ref fullAt);
            return seen <= now && Interlocked.CompareExchange(ref fullAt, Retired, seen) == seen;
        }
    }
}
