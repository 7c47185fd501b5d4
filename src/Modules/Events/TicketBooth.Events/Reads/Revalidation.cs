using TicketBooth.BuildingBlocks.Web;

namespace TicketBooth.Events.Reads;

/// <summary>The headers of answers that a client may keep and ask about, for the OpenAPI document.</summary>
internal static class Revalidation
{
    public static RouteHandlerBuilder WithRevalidation(this RouteHandlerBuilder endpoint) =>
        endpoint
            .ReadsHeader("If-None-Match", "The `ETag` of an answer that the client has: 304 while it is still right.")
            .ReturnsHeader(StatusCodes.Status200OK, "ETag", "Send it back as `If-None-Match`.")
            .ReturnsHeader(
                StatusCodes.Status200OK,
                "Cache-Control",
                "`no-cache`: ask again before every use; `private` where staff see more."
            )
            .ReturnsHeader(StatusCodes.Status304NotModified, "ETag", "As before.");
}
