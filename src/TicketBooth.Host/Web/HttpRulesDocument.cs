using Microsoft.AspNetCore.OpenApi;
using Microsoft.OpenApi;
using TicketBooth.BuildingBlocks.Web.Idempotency;

namespace TicketBooth.Host.Web;

/// <summary>In the OpenAPI document: what this host adds to endpoints that do not say it themselves.</summary>
internal static class HttpRulesDocument
{
    private const string Document = "v1";

    public static void DescribeHttpRules(this IServiceCollection services) => services.Configure<OpenApiOptions>(Document, options =>
        {
            // HEAD is GET without a body.
            var isShown = options.ShouldInclude;
            options.ShouldInclude = description => description.HttpMethod != HttpMethods.Head && isShown(description);
            options.AddOperationTransformer(
                (operation, context, _) =>
                {
                    var metadata = context.Description.ActionDescriptor.EndpointMetadata;
                    var use = metadata.OfType<IdempotencyKeyUse>().FirstOrDefault();
                    if (context.Description.HttpMethod == HttpMethods.Post && use != IdempotencyKeyUse.None)
                    {
                        DescribeIdempotencyKey(operation, waits: use != IdempotencyKeyUse.ByEndpoint);
                    }

                    return Task.CompletedTask;
                }
            );
        });

    /// <param name="waits">Whether a request that comes again too early is told to wait; otherwise it gets the answer of the first.</param>
    private static void DescribeIdempotencyKey(OpenApiOperation operation, bool waits)
    {
        var others = (operation.Parameters ?? []).Where(parameter => parameter.Name != IdempotencyKeys.Header);
        operation.Parameters =
        [
            .. others,
            new OpenApiParameter
            {
                Name = IdempotencyKeys.Header,
                In = ParameterLocation.Header,
                Description = $"""
                    Any text that the client chooses for this request, best a new UUID, also in double quotes. Sent again within 24 hours
                    the request has one effect, and the same answer as when it succeeded. Another request with the same key is 422
                    `idempotency-key-reused`{(waits ? "; while the first one is not answered yet, 409 `request-in-progress`" : "")}.
                    """,
                Schema = new OpenApiSchema
                {
                    Type = JsonSchemaType.String,
                    MinLength = 1,
                    MaxLength = IdempotencyKeys.Longest,
                },
            },
        ];
    }
}
