using Microsoft.AspNetCore.Http.Json;
using Microsoft.Extensions.Options;
using TicketBooth.BuildingBlocks.Kernel;
using TicketBooth.BuildingBlocks.Web;
using TicketBooth.Events.Contracts;
using TicketBooth.Events.Reads.Cache;

namespace TicketBooth.Events.Managing;

/// <summary>Answers to changes of an event, with the tag by which the next change refers to this state.</summary>
internal static class EventAnswers
{
    public static IResult ToHttp(this Result<EventDetails> changed, HttpContext http, Func<EventDetails, IResult> success)
    {
        if (changed.Error is { } error)
        {
            return (error == EventsErrors.Changed && http.Request.Headers.IfMatch.Count > 0 ? EventsErrors.Stale : error).ToProblem();
        }

        var json = http.RequestServices.GetRequiredService<IOptions<JsonOptions>>().Value.SerializerOptions;
        var details = changed.Value;
        http.Response.Headers.ETag = Remembered.Of(details, json, DateTimeOffset.MaxValue, isPublic: false, details.Revision).ETag;
        return success(details);
    }
}
