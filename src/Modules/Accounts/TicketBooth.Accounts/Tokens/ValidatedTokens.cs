using System.Collections.Concurrent;
using System.Diagnostics.CodeAnalysis;
using System.Security.Claims;
using TicketBooth.BuildingBlocks.Web;

namespace TicketBooth.Accounts.Tokens;

/// <summary>The bearer of a valid token.</summary>
internal sealed class ValidatedBearer(ClaimsIdentity identity)
{
    public ClaimsIdentity Identity => identity;

    public RememberedUser User { get; } = new(identity);

    /// <summary>As <see cref="StaffTokens.IsStaff"/> says, which searches the claims.</summary>
    public bool IsStaff { get; } = StaffTokens.IsStaff(identity);
}

/// <summary>
/// Remembers the bearers of valid tokens, so that a signature is verified once per token and not once per request. Two generations bound
/// its size: when the young one is full it becomes the old one, and the tokens of the former old one are forgotten.
/// </summary>
internal sealed class ValidatedTokens(EndedSignIns ended, TimeProvider clock, int capacity)
{
    /// <summary>At some 3 KB a token, about 50 MB at the very most.</summary>
    public const int DefaultCapacity = 16_384;

    private readonly Lock turning = new();
    private volatile Generation young = new();
    private volatile Generation old = new();

    /// <summary>How many are remembered: never more than the capacity.</summary>
    public int Count => young.Tokens.Count + old.Tokens.Count;

    public bool TryFind(ReadOnlySpan<char> token, [NotNullWhen(true)] out ValidatedBearer? bearer)
    {
        var (recent, former) = (young, old);
        if (recent.BySpan.TryGetValue(token, out var known) || former.BySpan.TryGetValue(token, out known))
        {
            if (known.ExpiresAt > clock.GetUtcNow() && !ended.Contains(known.SignIn))
            {
                if (!ReferenceEquals(known.Home, recent))
                {
                    Remember(new string(token), known.Bearer.Identity, known.ExpiresAt);
                }

                bearer = known.Bearer;
                return true;
            }
        }

        bearer = null;
        return false;
    }

    /// <summary>Only for tokens whose signature and claims were verified.</summary>
    public void Remember(string token, ClaimsIdentity bearer, DateTimeOffset expiresAt)
    {
        var generation = young;
        if (!generation.TryReserve(capacity / 2))
        {
            generation = Renew(generation);
            if (!generation.TryReserve(capacity / 2))
            {
                // Other requests have filled it in the meantime; the next request with this token tries again.
                return;
            }
        }

        if (!generation.Tokens.TryAdd(token, new Known(new ValidatedBearer(bearer), EndedSignIns.Of(bearer), expiresAt, generation)))
        {
            generation.Release();
        }
    }

    private Generation Renew(Generation full)
    {
        lock (turning)
        {
            if (ReferenceEquals(young, full))
            {
                old = full;
                young = new Generation();
            }

            return young;
        }
    }

    private sealed record Known(ValidatedBearer Bearer, Guid? SignIn, DateTimeOffset ExpiresAt, Generation Home);

    private sealed class Generation
    {
        private int reserved;

        public Generation() => BySpan = Tokens.GetAlternateLookup<ReadOnlySpan<char>>();

        public ConcurrentDictionary<string, Known> Tokens { get; } = new(StringComparer.Ordinal);

        /// <summary>Looks a token up inside its header without copying it out.</summary>
        public ConcurrentDictionary<string, Known>.AlternateLookup<ReadOnlySpan<char>> BySpan { get; }

        /// <remarks>A counter, because the dictionary's own count takes all its locks.</remarks>
        public bool TryReserve(int limit)
        {
            if (Interlocked.Increment(ref reserved) <= limit)
            {
                return true;
            }

            Interlocked.Decrement(ref reserved);
            return false;
        }

        public void Release() => Interlocked.Decrement(ref reserved);
    }
}
