using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization;
using Microsoft.Extensions.Options;
using TicketBooth.BuildingBlocks.Web;
using TicketBooth.BuildingBlocks.Web.Idempotency;
using TicketBooth.Payments.Http;

namespace TicketBooth.Payments.Gateways.Pix;

/// <summary>
/// Receives the provider's word that money came or went back. Pix signs no webhook, so the word is believed in nothing but the money's id:
/// the API is asked what is true, and its answer is recorded.
/// </summary>
internal static class ReceivePixWebhook
{
    public const string Path = "/api/v1/webhooks/pix/{secret}";

    // Hundreds of Pix in one body.
    private const int LargestBody = 256 * 1024;

    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web)
    {
        RespectNullableAnnotations = true,
        RespectRequiredConstructorParameters = true,
    };

    [JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Skip)]
    internal sealed record Request(IReadOnlyList<Item?>? Pix = null);

    /// <summary>All that is read of it: the rest is not believed, and who paid is not our business.</summary>
    [JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Skip)]
    internal sealed record Item(string EndToEndId);

    internal static void Map(IEndpointRouteBuilder routes)
    {
        Map(routes, Path, "ReceivePixWebhook", "For Pix's provider: money came or went back");
        Map(routes, Path + "/pix", "ReceivePixWebhookBelow", "For Pix's provider: the same, at the address as most providers complete it");
    }

    private static void Map(IEndpointRouteBuilder routes, string path, string name, string summary) =>
        routes
            .MapPost(path, HandleAsync)
            .WithoutIdempotencyKey()
            .AllowAnonymous()
            .WithName(name)
            .WithTags("Payments")
            .WithSummary(summary)
            .WithDescription(
                """
                As the Central Bank's API has it: `{"pix":[{"endToEndId":"E…", …}]}`. `secret` is that of `Payments:Pix:WebhookSecret`.
                Of the body only the ids are read; the provider's API is asked about each, and what it says is recorded before the answer.
                200 when all is recorded, also when it was before, and for a body that names no Pix, such as a provider's trial. 404 for
                another secret; 503 `gateway-unavailable`: the API did not confirm all of it; send it again.
                """
            )
            .WithExamples(request: """{ "pix": [{ "endToEndId": "E12345678202603012000s0000000001" }] }""")
            .Accepts<Request>("application/json")
            .Produces(StatusCodes.Status200OK)
            .ProducesErrors(StatusCodes.Status400BadRequest, "malformed-json")
            .ProducesProblem(StatusCodes.Status404NotFound)
            .ProducesProblem(StatusCodes.Status413PayloadTooLarge)
            .ProducesErrors(StatusCodes.Status503ServiceUnavailable, "gateway-unavailable");

    private static async Task<IResult> HandleAsync(
        string secret,
        HttpRequest http,
        IOptions<PixOptions> options,
        PixNotices notices,
        CancellationToken cancellationToken
    )
    {
        if (!options.Value.WebhookSecrets.Aggregate(seed: false, (found, own) => AreEqual(own, secret) | found))
        {
            return TypedResults.NotFound();
        }

        if (await RawBody.ReadAsync(http, LargestBody, cancellationToken) is not { } body)
        {
            return TypedResults.StatusCode(StatusCodes.Status413PayloadTooLarge);
        }

        if (IdsIn(body) is not { } ids)
        {
            return PaymentsErrors.MalformedJson.ToProblem();
        }

        return await notices.RecordAsync(ids, cancellationToken) ? TypedResults.Ok() : PaymentsErrors.GatewayUnavailable.ToProblem();
    }

    /// <summary>Null when the body is not as the API has it.</summary>
    private static IReadOnlyList<string>? IdsIn(byte[] body)
    {
        try
        {
            if (JsonSerializer.Deserialize<Request>(body, Json) is not { } request)
            {
                return null;
            }

            var ids = (request.Pix ?? []).Select(item => item?.EndToEndId ?? "").Distinct(StringComparer.Ordinal).ToList();
            return ids.All(PixIds.IsEndToEndId) ? ids : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    /// <remarks>Of the same length whatever was sent, so that the time tells nothing.</remarks>
    private static bool AreEqual(string own, string sent) =>
        CryptographicOperations.FixedTimeEquals(
            SHA256.HashData(Encoding.UTF8.GetBytes(own)),
            SHA256.HashData(Encoding.UTF8.GetBytes(sent))
        );
}
