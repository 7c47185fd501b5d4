using Microsoft.AspNetCore.Builder;

namespace TicketBooth.BuildingBlocks.Web;

/// <summary>Example bodies of an endpoint, for the OpenAPI document. JSON text, as a client would send and receive it.</summary>
public sealed record Examples(string? Request, string? Response);

public static class ExamplesExtensions
{
    /// <summary>Shows a request and the answer to it in the OpenAPI document.</summary>
    public static TBuilder WithExamples<TBuilder>(this TBuilder endpoint, string? request = null, string? response = null)
        where TBuilder : IEndpointConventionBuilder => endpoint.WithMetadata(new Examples(request, response));
}
