using System.Collections.ObjectModel;
using System.Diagnostics;
using System.Globalization;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using TicketBooth.BuildingBlocks.Kernel;

namespace TicketBooth.BuildingBlocks.Web;

/// <summary>Turns an <see cref="Error"/> into an RFC 9457 problem document; nothing else does.</summary>
public static class Problems
{
    /// <summary>The answer to a result: <paramref name="success"/> of its value, or its error as a problem.</summary>
    public static IResult ToHttp<T>(this Result<T> result, Func<T, IResult> success)
    {
        ArgumentNullException.ThrowIfNull(success);
        return result.Error is { } error ? error.ToProblem() : success(result.Value);
    }

    public static IResult ToProblem(this Error error) => new ProblemResult(error);

    /// <summary>A parameter of the request that cannot be read.</summary>
    /// <param name="parameter">Its name, as the client sent it.</param>
    /// <param name="fault">For example <c>is not a whole number</c>.</param>
    public static Error Unreadable(string parameter, string fault) =>
        new(
            CodeOf(StatusCodes.Status400BadRequest),
            ErrorKind.Malformed,
            $"The parameter '{parameter}' {fault}.",
            new Dictionary<string, string[]>(StringComparer.Ordinal) { [parameter] = [$"It {fault}."] }
        );

    public static int StatusOf(ErrorKind kind) =>
        kind switch
        {
            ErrorKind.Malformed => StatusCodes.Status400BadRequest,
            ErrorKind.Unauthenticated => StatusCodes.Status401Unauthorized,
            ErrorKind.Forbidden => StatusCodes.Status403Forbidden,
            ErrorKind.NotFound => StatusCodes.Status404NotFound,
            ErrorKind.Conflict => StatusCodes.Status409Conflict,
            ErrorKind.Stale => StatusCodes.Status412PreconditionFailed,
            ErrorKind.Rule => StatusCodes.Status422UnprocessableEntity,
            ErrorKind.TooManyRequests => StatusCodes.Status429TooManyRequests,
            ErrorKind.Unavailable => StatusCodes.Status503ServiceUnavailable,
            _ => throw new ArgumentOutOfRangeException(nameof(kind), kind, "Not a kind of error."),
        };

    /// <summary>
    /// Adds what every problem document has: the stable <c>code</c>, a type, a title, and the trace id with which it is found in the logs.
    /// </summary>
    public static void Complete(ProblemDetails problem, HttpContext context, string code)
    {
        ArgumentNullException.ThrowIfNull(problem);
        ArgumentNullException.ThrowIfNull(context);
        problem.Type = "urn:ticketbooth:problem:" + code;
        problem.Title = Title(problem.Status ?? context.Response.StatusCode);
        problem.Extensions["code"] = code;
        problem.Extensions["traceId"] = Activity.Current?.TraceId.ToString() ?? context.TraceIdentifier;
    }

    /// <summary>The code of a failure for which the framework sets only the status.</summary>
    public static string CodeOf(int status) =>
        status switch
        {
            StatusCodes.Status400BadRequest => "malformed-request",
            StatusCodes.Status401Unauthorized => "unauthenticated",
            StatusCodes.Status403Forbidden => "forbidden",
            StatusCodes.Status404NotFound => "not-found",
            StatusCodes.Status405MethodNotAllowed => "method-not-allowed",
            StatusCodes.Status409Conflict => "conflict",
            StatusCodes.Status412PreconditionFailed => "precondition-failed",
            StatusCodes.Status413PayloadTooLarge => "body-too-large",
            StatusCodes.Status415UnsupportedMediaType => "unsupported-media-type",
            StatusCodes.Status422UnprocessableEntity => "validation-failed",
            StatusCodes.Status429TooManyRequests => "rate-limited",
            StatusCodes.Status503ServiceUnavailable => "unavailable",
            _ => "internal-error",
        };

    private static string Title(int status) =>
        status switch
        {
            StatusCodes.Status400BadRequest => "The request cannot be read",
            StatusCodes.Status401Unauthorized => "Sign in first",
            StatusCodes.Status403Forbidden => "Not allowed",
            StatusCodes.Status404NotFound => "Not found",
            StatusCodes.Status405MethodNotAllowed => "Method not allowed",
            StatusCodes.Status409Conflict => "The state has moved on",
            StatusCodes.Status412PreconditionFailed => "Changed since you read it",
            StatusCodes.Status413PayloadTooLarge => "The body is too large",
            StatusCodes.Status415UnsupportedMediaType => "Unsupported media type",
            StatusCodes.Status422UnprocessableEntity => "A rule forbids it",
            StatusCodes.Status429TooManyRequests => "Too many requests",
            StatusCodes.Status503ServiceUnavailable => "Not now",
            _ => "Something went wrong here",
        };

    private sealed class ProblemResult(Error error) : IResult
    {
        public Task ExecuteAsync(HttpContext httpContext)
        {
            var status = StatusOf(error.Kind);
            var problem = new ProblemDetails { Status = status, Detail = error.Detail };
            Complete(problem, httpContext, error.Code);
            if (error.Fields is { } fields)
            {
                problem.Extensions["errors"] = fields;
            }

            foreach (var (name, figure) in error.Figures ?? ReadOnlyDictionary<string, long>.Empty)
            {
                problem.Extensions[name] = figure;
            }

            foreach (var (name, id) in error.Ids ?? ReadOnlyDictionary<string, Guid>.Empty)
            {
                problem.Extensions[name] = id;
            }

            foreach (var (name, ids) in error.IdLists ?? ReadOnlyDictionary<string, IReadOnlyList<Guid>>.Empty)
            {
                problem.Extensions[name] = ids;
            }

            if (error.RetryAfter is { } wait)
            {
                httpContext.Response.Headers.RetryAfter = Math.Max(1, Math.Ceiling(wait.TotalSeconds))
                    .ToString(CultureInfo.InvariantCulture);
            }

            httpContext.Response.StatusCode = status;
            return httpContext.Response.WriteAsJsonAsync(
                problem,
                options: null,
                contentType: "application/problem+json",
                httpContext.RequestAborted
            );
        }
    }
}
