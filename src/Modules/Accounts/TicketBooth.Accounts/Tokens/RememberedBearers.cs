using System.Diagnostics.CodeAnalysis;
using TicketBooth.BuildingBlocks.Web;

namespace TicketBooth.Accounts.Tokens;

/// <summary>The bearers of requests whose token was verified before.</summary>
internal sealed class RememberedBearers(ValidatedTokens tokens) : IRememberedUsers
{
    private const string Scheme = "Bearer ";

    /// <remarks>Never staff: their roles are compared with the stored ones at every request (<see cref="StaffTokens"/>).</remarks>
    public bool Recognize(HttpContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
        if (context.Request.Headers.Authorization.Count == 0)
        {
            return true;
        }

        if (!TryFind(context, out var bearer) || bearer.IsStaff)
        {
            return false;
        }

        context.User = bearer.User;
        return true;
    }

    public bool TryFind(HttpContext context, [NotNullWhen(true)] out ValidatedBearer? bearer)
    {
        ArgumentNullException.ThrowIfNull(context);
        bearer = null;
        return context.Request.Headers.Authorization is [{ } header]
            && header.StartsWith(Scheme, StringComparison.OrdinalIgnoreCase)
            && tokens.TryFind(header.AsSpan(Scheme.Length).Trim(), out bearer);
    }
}
