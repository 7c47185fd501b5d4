using TicketBooth.BuildingBlocks.Web;

namespace TicketBooth.Admissions.CheckIns;

/// <summary>Gives a scanner what it needs to check codes by itself.</summary>
internal static class GetDoor
{
    internal static void Map(IEndpointRouteBuilder routes) =>
        routes
            .MapGet("/api/v1/events/{id:guid}/door", async (Guid id, HttpContext http, DoorStates doors, CancellationToken ct) =>
            {
                if (await doors.FindAsync(id, ct) is not { } state)
                {
                    return AdmissionsErrors.EventNotFound.ToProblem();
                }

                http.Response.Headers.ETag = state.ETag;
                http.Response.Headers.CacheControl = "private, no-cache";
                return http.Request.Headers.IfNoneMatch.ToString().Contains(state.ETag, StringComparison.Ordinal)
                    ? TypedResults.StatusCode(StatusCodes.Status304NotModified)
                    : TypedResults.Bytes(state.Json, "application/json; charset=utf-8");
            })
            .RequireDoor()
            .WithName("GetDoor")
            .WithTags("Door")
            .WithSummary("Load a door for checking offline")
            .WithDescription(
                """
                The key that verifies the event's codes, the codes that are void, the tickets that are inside or have left, the counts, and
                the conflicts of scanners that were offline. It is at most a second old. A code is Crockford's base 32 of 83 bytes: 1 (the
                version), the first 14 bytes of the event's id, the ticket's number and its generation (two bytes each, high byte first),
                and the ECDSA signature of these 19 bytes (P-256, SHA-256, r and s of 32 bytes; s in its lower half). It is void when
                `revocations` has its number with a `below` above its generation. Send the `ETag` back as `If-None-Match`.
                """
            )
            .WithExamples(response: CheckInExamples.Door)
            .Produces<DoorView>()
            .Produces(StatusCodes.Status304NotModified)
            .ReadsHeader("If-None-Match", "The `ETag` of an answer that the client has: 304 while it is still right.")
            .ReturnsHeader(StatusCodes.Status200OK, "ETag", "Send it back as `If-None-Match`.")
            .ReturnsHeader(StatusCodes.Status304NotModified, "ETag", "As before.")
            .ProducesProblem(StatusCodes.Status401Unauthorized)
            .ProducesProblem(StatusCodes.Status403Forbidden)
            .ProducesErrors(StatusCodes.Status404NotFound, "event-not-found");
}
