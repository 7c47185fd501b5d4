using TicketBooth.Accounts.Tokens;
using TicketBooth.BuildingBlocks.Web;

namespace TicketBooth.Accounts.SigningIn;

/// <summary>The public keys that other services verify our access tokens with.</summary>
internal static class ShowSigningKeys
{
    internal static void Map(IEndpointRouteBuilder routes) =>
        routes
            .MapGet("/.well-known/jwks.json", (SigningKeys keys, HttpContext context) =>
            {
                context.Response.Headers.CacheControl = "public, max-age=300";
                return TypedResults.Bytes(keys.PublicKeys, "application/jwk-set+json");
            })
            .AllowAnonymous()
            .WithName("ShowSigningKeys")
            .WithSummary("The public keys of our access tokens")
            .WithDescription(
                "A JSON Web Key Set (RFC 7517), oldest key first. Tokens are signed with ES256 and name their key in kid. "
                    + "May be cached for 5 minutes."
            )
            .WithTags("Accounts")
            .WithExamples(
                response: """
                { "keys":
                    [{ "kty": "EC", "use": "sig", "alg": "ES256", "kid": "h1Q…", "crv": "P-256", "x": "f83OJ3D2…", "y": "x_FEzRu9…" }] }
                """
            )
            .Produces<PublicKeySet>(contentType: "application/jwk-set+json")
            .ReturnsHeader(StatusCodes.Status200OK, "Cache-Control", "For how long they may be kept.");
}
