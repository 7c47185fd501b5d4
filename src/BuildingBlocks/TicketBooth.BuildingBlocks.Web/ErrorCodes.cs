using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;

namespace TicketBooth.BuildingBlocks.Web;

/// <summary>The codes of its own that an endpoint fails with, by status, for the OpenAPI document.</summary>
public sealed record ErrorCodes(int Status, IReadOnlyList<string> Codes);

public static class ErrorCodesExtensions
{
    /// <summary>
    /// Documents how the endpoint fails. The document adds what any endpoint may answer: a body that cannot be read, a missing token, a
    /// store that cannot be used.
    /// </summary>
    public static RouteHandlerBuilder ProducesErrors(this RouteHandlerBuilder endpoint, int status, params string[] codes) =>
        endpoint.ProducesProblem(status).WithMetadata(new ErrorCodes(status, codes));
}
