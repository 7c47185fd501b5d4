using Microsoft.Extensions.Options;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;
using TicketBooth.Accounts.Domain;
using TicketBooth.BuildingBlocks.Web;

namespace TicketBooth.Accounts.Tokens;

/// <summary>Issues our access tokens, and defines what makes one valid.</summary>
internal sealed class AccessTokens(SigningKeys keys, IOptions<AccountsOptions> options, TimeProvider clock)
{
    // How far the clocks of two hosts may differ.
    public static readonly TimeSpan ClockTolerance = TimeSpan.FromMinutes(5);

    private readonly JsonWebTokenHandler writer = new() { SetDefaultTimesOnTokenCreation = false };

    public TimeSpan Lifetime { get; } = TimeSpan.FromMinutes(options.Value.AccessTokenMinutes);

    /// <param name="signIn">The family of the refresh token that is issued with it.</param>
    public string Issue(Bearer bearer, Guid signIn)
    {
        ArgumentNullException.ThrowIfNull(bearer);
        var now = clock.GetUtcNow();
        return writer.CreateToken(
            new SecurityTokenDescriptor
            {
                Issuer = options.Value.Issuer,
                Audience = options.Value.Audience,
                IssuedAt = now.UtcDateTime,
                Expires = (now + Lifetime).UtcDateTime,
                SigningCredentials = keys.Newest
                    ?? throw new InvalidOperationException("There is no signing key: the module was not started, or only to read."),
                Claims = new Dictionary<string, object>(StringComparer.Ordinal)
                {
                    [Claims.UserId] = bearer.Id.ToString(),
                    [Claims.Name] = bearer.Name,
                    [Claims.Email] = bearer.Email,
                    [Claims.Role] = bearer.Roles,
                    [Claims.SignIn] = signIn.ToString(),
                    [JwtRegisteredClaimNames.Jti] = Guid.CreateVersion7(now).ToString(),
                },
            }
        );
    }

    /// <remarks>No clock skew: the hosts that issue are the hosts that verify.</remarks>
    public TokenValidationParameters Rules() =>
        new()
        {
            ValidIssuer = options.Value.Issuer,
            ValidAudience = options.Value.Audience,
            ValidAlgorithms = [SecurityAlgorithms.EcdsaSha256],
            IssuerSigningKeyResolver = (_, _, keyId, _) => keys.Find(keyId) is { } key ? [key] : [],
            NameClaimType = Claims.Name,
            RoleClaimType = Claims.Role,
            LifetimeValidator = (_, expires, _, _) => IsAlive(expires),
        };

    private bool IsAlive(DateTime? expires) =>
        expires switch
        {
            null => throw new SecurityTokenNoExpirationException("The token has no exp."),
            { } end when end <= clock.GetUtcNow().UtcDateTime => throw new SecurityTokenExpiredException("The token has expired.")
            {
                Expires = end,
            },

            // None that we issued lives so long: whoever got hold of a key must not make a token that outlives the key's removal.
            { } end when end > (clock.GetUtcNow() + Lifetime + ClockTolerance).UtcDateTime =>
                throw new SecurityTokenInvalidLifetimeException("The token lives longer than the tokens of this service."),
            _ => true,
        };
}
