using System.Reflection;
using Microsoft.AspNetCore.Http.Metadata;
using Microsoft.AspNetCore.Mvc;
using TicketBooth.BuildingBlocks.Web;
using TicketBooth.BuildingBlocks.Web.Idempotency;

namespace TicketBooth.Host.Web;

/// <summary>What all endpoints get without saying it themselves.</summary>
internal static class EndpointRules
{
    /// <summary>Where endpoints are mapped.</summary>
    public static RouteGroupBuilder MapRules(this IEndpointRouteBuilder app)
    {
        var group = app.MapGroup("");
        group.AddEndpointFilterFactory(ReadTimesStrictly);

        // At last: what an endpoint says itself is known then.
        ((IEndpointConventionBuilder)group).Finally(endpoint =>
        {
            AnswerHead(endpoint);
            DocumentIdempotencyKey(endpoint);
            if (Access.Of(endpoint.Metadata) is { } access)
            {
                endpoint.Metadata.Add(access);
            }
        });
        return group;
    }

    /// <summary>HEAD is answered like GET; the server leaves the body out.</summary>
    private static void AnswerHead(EndpointBuilder endpoint)
    {
        var methods = MethodsOf(endpoint);
        if (methods.Contains(HttpMethods.Get, StringComparer.Ordinal) && !methods.Contains(HttpMethods.Head, StringComparer.Ordinal))
        {
            endpoint.Metadata.Add(new HttpMethodMetadata([.. methods, HttpMethods.Head]));
        }
    }

    private static void DocumentIdempotencyKey(EndpointBuilder endpoint)
    {
        if (
            MethodsOf(endpoint).Contains(HttpMethods.Post, StringComparer.Ordinal)
            && endpoint.Metadata.All(item => item != IdempotencyKeyUse.None)
        )
        {
            AddProblem(endpoint, StatusCodes.Status409Conflict);
            AddProblem(endpoint, StatusCodes.Status422UnprocessableEntity);
        }
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

    /// <summary>Times in a query are read like those in a body: ISO 8601 and nothing else, and UTC without an offset.</summary>
    private static EndpointFilterDelegate ReadTimesStrictly(EndpointFilterFactoryContext endpoint, EndpointFilterDelegate next)
    {
        var times = endpoint.MethodInfo.GetParameters().Where(IsTime).ToList();
        return times.Count == 0
            ? next
            : invocation =>
            {
                foreach (var parameter in times)
                {
                    if (invocation.HttpContext.Request.Query[parameter.Name!].LastOrDefault() is not { Length: > 0 } text)
                    {
                        continue;
                    }

                    if (!UtcTimeConverter.TryParse(text, out var time))
                    {
                        return ValueTask.FromResult<object?>(Problems.Unreadable(parameter.Name!, "is not an ISO 8601 time").ToProblem());
                    }

                    invocation.Arguments[parameter.Position] = time;
                }

                return next(invocation);
            };
    }

    private static bool IsTime(ParameterInfo parameter) =>
        parameter.ParameterType == typeof(DateTimeOffset) || parameter.ParameterType == typeof(DateTimeOffset?);
}
