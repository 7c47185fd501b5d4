using System.Security.Claims;
using System.Text.Json.Serialization;
using TicketBooth.BuildingBlocks.Web;

namespace TicketBooth.Accounts.SigningIn;

/// <summary>Tells callers who they are, from the token alone.</summary>
internal static partial class ShowMe
{
    internal sealed record Response(string Id, string Name, string Email, string[] Roles);

    [JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
    [JsonSerializable(typeof(Response))]
    internal sealed partial class Json : JsonSerializerContext;

    internal static void Map(IEndpointRouteBuilder routes) =>
        routes
            .MapGet("/api/v1/accounts/me", (ClaimsPrincipal user) =>
                Answers.Ok(
                    new Response(
                        user.FindFirstValue(Claims.UserId)!,
                        user.FindFirstValue(Claims.Name)!,
                        user.FindFirstValue(Claims.Email)!,
                        [.. user.FindAll(Claims.Role).Select(role => role.Value)]
                    ),
                    Json.Default.Response
                )
            )
            .RequireAuthorization()
            .WithName("ShowMe")
            .WithSummary("The signed-in user")
            .WithDescription(
                "As the access token says: a new role shows with the next token. "
                    + "401 unauthenticated, token-ended, token-expired, token-outdated, token-invalid."
            )
            .WithTags("Accounts")
            .WithExamples(
                response: """
                { "id": "0199e2ee-3c10-7a44-9f21-7b8c9d0e1f2a", "name": "Ana", "email": "ana@example.com", "roles": ["customer"] }
                """
            )
            .Produces<Response>()
            .ProducesProblem(StatusCodes.Status401Unauthorized);
}
