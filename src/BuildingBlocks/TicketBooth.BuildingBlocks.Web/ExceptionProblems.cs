using System.Text.Json;
using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Diagnostics;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using TicketBooth.BuildingBlocks.Kernel;

namespace TicketBooth.BuildingBlocks.Web;

/// <summary>
/// Answers an exception with a problem document: a body that cannot be read, a store that cannot be used now, or a bug. The document
/// reveals nothing about our types or data. For a page it only logs and sets the status; the pages render their own errors.
/// </summary>
public sealed partial class ExceptionProblems(IOutageDetector outages, ILogger<ExceptionProblems> logger) : IExceptionHandler
{
    private const string RetryAfterSeconds = "2";

    public async ValueTask<bool> TryHandleAsync(HttpContext httpContext, Exception exception, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(httpContext);
        if (exception is OperationCanceledException or IOException && httpContext.RequestAborted.IsCancellationRequested)
        {
            return true;
        }

        var (status, code, detail) = Describe(exception);
        var parameter = exception is BadHttpRequestException bad ? UnreadableParameter.Of(bad) : null;
        if (status == StatusCodes.Status500InternalServerError)
        {
            LogUnhandled(logger, exception, httpContext.Request.Method, PathOf(httpContext));
        }
        else if (status == StatusCodes.Status503ServiceUnavailable)
        {
            LogOutage(logger, exception, httpContext.Request.Method, PathOf(httpContext), exception.GetBaseException().Message);
            httpContext.Response.Headers.RetryAfter = RetryAfterSeconds;
        }

        httpContext.Response.StatusCode = status;
        if (httpContext.IsPage())
        {
            return false;
        }

        if (parameter is not null)
        {
            await parameter.ToProblem().ExecuteAsync(httpContext);
            return true;
        }

        await Problems.WriteAsync(httpContext, status, code, detail);
        return true;
    }

    /// <summary>The path as it may be logged: without the secret that a webhook's address ends with.</summary>
    private static string PathOf(HttpContext httpContext) =>
        httpContext.Features.Get<IExceptionHandlerFeature>()?.RouteValues?.GetValueOrDefault("secret") is string { Length: > 0 } secret
            ? httpContext.Request.Path.ToString().Replace(secret, "{secret}", StringComparison.Ordinal)
            : httpContext.Request.Path.ToString();

    private (int Status, string Code, string? Detail) Describe(Exception exception) =>
        exception switch
        {
            BadHttpRequestException { InnerException: JsonException json } => Describe(json),
            JsonException json => Describe(json),
            BadHttpRequestException bad => (
                bad.StatusCode,
                Problems.CodeOf(bad.StatusCode),
                bad.StatusCode == StatusCodes.Status413PayloadTooLarge
                    ? "The body is larger than this server reads."
                    : "A required part of the request is missing or not of its type."
            ),
            _ when outages.IsOutage(exception) => (
                StatusCodes.Status503ServiceUnavailable,
                "unavailable",
                "A store cannot be reached; try again after the time in Retry-After. A POST may have been done all the same: sent again "
                    + "with its Idempotency-Key it is done once."
            ),
            _ => (StatusCodes.Status500InternalServerError, "internal-error", "The failure is logged under the traceId."),
        };

    private static (int Status, string Code, string? Detail) Describe(JsonException json)
    {
        if (UnknownField().Match(json.Message) is { Success: true } unknown)
        {
            return (StatusCodes.Status400BadRequest, "unknown-field", $"There is no field '{unknown.Groups["field"].Value}' here.");
        }

        if (MissingFields().Match(json.Message) is { Success: true } missing)
        {
            return (StatusCodes.Status400BadRequest, "missing-field", $"Required and missing: {missing.Groups["fields"].Value}.");
        }

        return (
            StatusCodes.Status400BadRequest,
            "malformed-json",
            $"The JSON body cannot be read at '{json.Path ?? "$"}', line {(json.LineNumber ?? 0) + 1}."
        );
    }

    [GeneratedRegex(
        "^The JSON property '(?<field>.{1,64})' could not be mapped",
        RegexOptions.ExplicitCapture,
        matchTimeoutMilliseconds: 10_000
    )]
    private static partial Regex UnknownField();

    [GeneratedRegex(
        "missing required properties including: (?<fields>.{1,256}?)\\.?$",
        RegexOptions.ExplicitCapture,
        matchTimeoutMilliseconds: 10_000
    )]
    private static partial Regex MissingFields();

    [LoggerMessage(EventId = 1101, Level = LogLevel.Warning, Message = "{Method} {Path} needs a store that cannot be used now: {Reason}")]
    private static partial void LogOutage(ILogger logger, Exception failure, string method, string path, string reason);

    [LoggerMessage(EventId = 1100, Level = LogLevel.Error, Message = "{Method} {Path} failed")]
    private static partial void LogUnhandled(ILogger logger, Exception failure, string method, string path);
}
