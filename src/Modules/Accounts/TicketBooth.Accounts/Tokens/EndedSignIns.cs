using System.Collections.Concurrent;
using System.Security.Claims;
using Claims = TicketBooth.BuildingBlocks.Web.Claims;

namespace TicketBooth.Accounts.Tokens;

/// <summary>
/// The sign-ins that ended while access tokens of theirs have not expired yet. In memory, because every request with a token asks.
/// </summary>
internal sealed class EndedSignIns
{
    private readonly ConcurrentDictionary<Guid, DateTimeOffset> ended = new();

    /// <summary>The sign-in that an access token came from; null for a token of a release that did not name it.</summary>
    public static Guid? Of(ClaimsIdentity bearer)
    {
        ArgumentNullException.ThrowIfNull(bearer);
        return Guid.TryParse(bearer.FindFirst(Claims.SignIn)?.Value, out var signIn) ? signIn : null;
    }

    public bool Contains(Guid? signIn) => signIn is { } known && ended.ContainsKey(known);

    public void Add(Guid signIn, DateTimeOffset at) => ended[signIn] = at;

    /// <summary>Forgets those that ended before a time: their access tokens have expired.</summary>
    public void Forget(DateTimeOffset before)
    {
        foreach (var signIn in ended)
        {
            if (signIn.Value < before)
            {
                ended.TryRemove(signIn);
            }
        }
    }
}

/// <summary>The signature holds, but the bearer has signed out since.</summary>
internal sealed class SignInEndedException() : Exception("The sign-in that the access token came from has ended.");
