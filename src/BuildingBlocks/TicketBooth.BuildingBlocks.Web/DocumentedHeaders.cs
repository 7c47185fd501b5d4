using Microsoft.AspNetCore.Builder;

namespace TicketBooth.BuildingBlocks.Web;

/// <summary>A header that an endpoint reads by itself, for the OpenAPI document.</summary>
public sealed record RequestHeader(string Name, string Description);

/// <summary>A header of an answer, for the OpenAPI document.</summary>
public sealed record ResponseHeader(int Status, string Name, string Description);

public static class DocumentedHeadersExtensions
{
    public static RouteHandlerBuilder ReadsHeader(this RouteHandlerBuilder endpoint, string name, string description) =>
        endpoint.WithMetadata(new RequestHeader(name, description));

    public static RouteHandlerBuilder ReturnsHeader(this RouteHandlerBuilder endpoint, int status, string name, string description) =>
        endpoint.WithMetadata(new ResponseHeader(status, name, description));
}
