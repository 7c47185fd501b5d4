using System.Collections.ObjectModel;
using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using Microsoft.AspNetCore.Http;
using TicketBooth.BuildingBlocks.Kernel;

namespace TicketBooth.BuildingBlocks.Web;

/// <summary>
/// Writes RFC 9457 problem documents; nothing else does. Each has a stable <c>code</c>, a type, a title, and a trace id.
/// </summary>
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

    /// <summary>Answers with a problem document.</summary>
    /// <param name="status">Of the answer.</param>
    /// <param name="code">Stable, for programs.</param>
    /// <param name="detail">For people.</param>
    public static Task WriteAsync(HttpContext context, int status, string code, string? detail = null) =>
        WriteAsync(context, new Problem(status, code, detail, Error: null));

    /// <summary>The URN of a code.</summary>
    public static string TypeOf(string code) => "urn:ticketbooth:problem:" + code;

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

    /// <summary>What a status means, for people.</summary>
    public static string TitleOf(int status) =>
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

    private static Task WriteAsync(HttpContext context, Problem problem)
    {
        ArgumentNullException.ThrowIfNull(context);
        context.Response.StatusCode = problem.Status;
        return JsonBody.WriteAsync(
            context.Response,
            "application/problem+json",
            // The trace id is the one with which the request is found in the logs.
            (problem, TraceId: Activity.Current?.TraceId.ToString() ?? context.TraceIdentifier),
            static (json, answer) => Write(json, answer.problem, answer.TraceId)
        );
    }

    private static void Write(Utf8JsonWriter json, Problem problem, string traceId)
    {
        json.WriteStartObject();
        json.WriteString("type", TypeOf(problem.Code));
        json.WriteString("title", TitleOf(problem.Status));
        json.WriteNumber("status", problem.Status);
        if (problem.Detail is { } detail)
        {
            json.WriteString("detail", detail);
        }

        json.WriteString("code", problem.Code);
        json.WriteString("traceId", traceId);
        if (problem.Error is { } error)
        {
            WriteMore(json, error);
        }

        json.WriteEndObject();
    }

    private static void WriteMore(Utf8JsonWriter json, Error error)
    {
        if (error.Fields is { } fields)
        {
            json.WriteStartObject("errors");
            foreach (var (field, messages) in fields)
            {
                json.WriteStartArray(field);
                foreach (var message in messages)
                {
                    json.WriteStringValue(message);
                }

                json.WriteEndArray();
            }

            json.WriteEndObject();
        }

        foreach (var (name, figure) in error.Figures ?? ReadOnlyDictionary<string, long>.Empty)
        {
            json.WriteNumber(name, figure);
        }

        foreach (var (name, id) in error.Ids ?? ReadOnlyDictionary<string, Guid>.Empty)
        {
            json.WriteString(name, id);
        }

        foreach (var (name, ids) in error.IdLists ?? ReadOnlyDictionary<string, IReadOnlyList<Guid>>.Empty)
        {
            json.WriteStartArray(name);
            foreach (var id in ids)
            {
                json.WriteStringValue(id);
            }

            json.WriteEndArray();
        }
    }

    private readonly record struct Problem(int Status, string Code, string? Detail, Error? Error);

    private sealed class ProblemResult(Error error) : IResult
    {
        public Task ExecuteAsync(HttpContext httpContext)
        {
            ArgumentNullException.ThrowIfNull(httpContext);
            if (error.RetryAfter is { } wait)
            {
                httpContext.Response.Headers.RetryAfter = Math.Max(1, Math.Ceiling(wait.TotalSeconds))
                    .ToString(CultureInfo.InvariantCulture);
            }

            return WriteAsync(httpContext, new Problem(StatusOf(error.Kind), error.Code, error.Detail, error));
        }
    }
}
