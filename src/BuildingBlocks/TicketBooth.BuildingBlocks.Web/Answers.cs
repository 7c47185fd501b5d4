using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Microsoft.AspNetCore.Http;

namespace TicketBooth.BuildingBlocks.Web;

/// <summary>
/// Answers of the routes that are called most, whose JSON is generated at compile time. Those of the framework look up a logger and the
/// options each time.
/// </summary>
public static class Answers
{
    /// <summary>200 with a body.</summary>
    public static IResult Ok<T>(T body, JsonTypeInfo<T> type) => new JsonAnswer<T>(StatusCodes.Status200OK, null, body, type);

    /// <summary>201 with a body.</summary>
    /// <param name="location">Where it is.</param>
    public static IResult Created<T>(string location, T body, JsonTypeInfo<T> type) =>
        new JsonAnswer<T>(StatusCodes.Status201Created, location, body, type);

    /// <summary>202 with a body.</summary>
    /// <param name="location">Where the outcome will be seen.</param>
    public static IResult Accepted<T>(string location, T body, JsonTypeInfo<T> type) =>
        new JsonAnswer<T>(StatusCodes.Status202Accepted, location, body, type);

    private sealed class JsonAnswer<T>(int status, string? location, T body, JsonTypeInfo<T> type) : IResult
    {
        public Task ExecuteAsync(HttpContext httpContext)
        {
            var response = httpContext.Response;
            response.StatusCode = status;
            if (location is not null)
            {
                response.Headers.Location = location;
            }

            return JsonBody.WriteAsync(response, "application/json; charset=utf-8", (body, type), static (json, answer) =>
                JsonSerializer.Serialize(json, answer.body, answer.type)
            );
        }
    }
}
