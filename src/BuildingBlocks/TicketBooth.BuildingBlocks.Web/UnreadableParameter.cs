using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Http;
using TicketBooth.BuildingBlocks.Kernel;

namespace TicketBooth.BuildingBlocks.Web;

/// <summary>Which parameter of a query or header could not be read. The framework says so in the exception's message alone.</summary>
internal static partial class UnreadableParameter
{
    /// <summary>Null when the exception is about something else.</summary>
    public static Error? Of(BadHttpRequestException exception)
    {
        if (Unbound().Match(exception.Message) is { Success: true } unbound)
        {
            var type = unbound.Groups["type"].Value;
            return Problems.Unreadable(unbound.Groups["name"].Value, FaultOf(type.Replace("?", "", StringComparison.Ordinal)));
        }

        return Missing().Match(exception.Message) is { Success: true } missing
            ? Problems.Unreadable(missing.Groups["name"].Value, "is required")
            : null;
    }

    private static string FaultOf(string type) =>
        type switch
        {
            "int" or "long" => "is not a whole number",
            "Guid" => "is not a UUID",
            "bool" => "is neither true nor false",
            "DateTimeOffset" => "is not an ISO 8601 time",
            _ => "cannot be read",
        };

    [GeneratedRegex(
        "^Failed to bind parameter \"(Nullable<)?(?<type>[^ >]+)>? (?<name>[^ \"]+)\"",
        RegexOptions.ExplicitCapture,
        matchTimeoutMilliseconds: 10_000
    )]
    private static partial Regex Unbound();

    [GeneratedRegex(
        "^Required parameter \"[^ ]+ (?<name>[^ \"]+)\" was not provided from (query string|header)",
        RegexOptions.ExplicitCapture,
        matchTimeoutMilliseconds: 10_000
    )]
    private static partial Regex Missing();
}
