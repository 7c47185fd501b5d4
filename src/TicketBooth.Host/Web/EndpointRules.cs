using Microsoft.AspNetCore.Http.Metadata;
using Microsoft.AspNetCore.Mvc;
using TicketBooth.BuildingBlocks.Web.Idempotency;

namespace TicketBooth.Host.Web;

/// <summary>What all endpoints get without saying it themselves.</summary>
internal static class EndpointRules
{
    /// <summary>Where modules map their endpoints.</summary>
    public static RouteGroupBuilder MapRules(this IEndpointRouteBuilder app)
    {
        var group = app.MapGroup("");

        // At last: what an endpoint says itself is known then.
        ((IEndpointConventionBuilder)group).Finally(endpoint =>
        {
            if (MethodsOf(endpoint).Contains(HttpMethods.Post, StringComparer.Ordinal) && endpoint.Metadata.All(item => item != IdempotencyKeyUse.None))
            {
                AddProblem(endpoint, StatusCodes.Status409Conflict);
                AddProblem(endpoint, StatusCodes.Status422UnprocessableEntity);
            }
        });
        return group;
    }

    private static IReadOnlyList<string> MethodsOf(EndpointBuilder endpoint) =>
        endpoint.Metadata.OfType<IHttpMethodMetadata>().LastOrDefault()?.HttpMethods ?? [];

    private static void AddProblem(EndpointBuilder endpoint, int status)
    {
        if (!endpoint.Metadata.OfType<IProducesResponseTypeMetadata>().Any(answer => answer.StatusCode == status))
        {
            endpoint.Metadata.Add(new ProducesResponseTypeMetadata(status, typeof(ProblemDetails), ["application/problem+json"]));
        }
    }
}
