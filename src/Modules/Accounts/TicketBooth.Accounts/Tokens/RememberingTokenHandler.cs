using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;

namespace TicketBooth.Accounts.Tokens;

/// <summary>Verifies tokens in full, and remembers those that hold; <see cref="BearerEvents"/> looks there before it comes here.</summary>
internal sealed class RememberingTokenHandler : JsonWebTokenHandler
{
    private readonly SigningKeys keys;
    private readonly ValidatedTokens remembered;
    private readonly EndedSignIns ended;

    public RememberingTokenHandler(SigningKeys keys, ValidatedTokens remembered, EndedSignIns ended)
    {
        this.keys = keys;
        this.remembered = remembered;
        this.ended = ended;
        MapInboundClaims = false;
    }

    public override async Task<TokenValidationResult> ValidateTokenAsync(string token, TokenValidationParameters validationParameters)
    {
        var result = await base.ValidateTokenAsync(token, validationParameters);
        if (
            result.Exception is SecurityTokenSignatureKeyNotFoundException
            && new JsonWebToken(token).Kid is { Length: > 0 } keyId
            && await keys.LearnAsync(keyId)
        )
        {
            result = await base.ValidateTokenAsync(token, validationParameters);
        }

        if (result.IsValid)
        {
            if (ended.Contains(EndedSignIns.Of(result.ClaimsIdentity)))
            {
                return new TokenValidationResult { Exception = new SignInEndedException() };
            }

            remembered.Remember(token, result.ClaimsIdentity, new DateTimeOffset(result.SecurityToken.ValidTo, TimeSpan.Zero));
        }

        return result;
    }
}
