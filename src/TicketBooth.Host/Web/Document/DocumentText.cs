using Microsoft.AspNetCore.OpenApi;
using Microsoft.Extensions.Options;
using Microsoft.OpenApi;

namespace TicketBooth.Host.Web.Document;

/// <summary>
/// The OpenAPI document as it is sent. It is the same for everybody, and making it takes a core for a quarter of a second. Nobody may cause
/// that again and again, so it is made once, at the first request.
/// </summary>
internal sealed class DocumentText(
    [FromKeyedServices(DocumentText.Name)] IOpenApiDocumentProvider provider,
    IOptionsMonitor<OpenApiOptions> options
)
{
    public const string Name = "v1";

    private readonly Lock turn = new();
    private Task<byte[]>? making;

    /// <summary>As UTF-8. When making it failed, the next request makes it again.</summary>
    public Task<byte[]> GetAsync()
    {
        lock (turn)
        {
            return making is null or { IsFaulted: true } ? making = Task.Run(MakeAsync) : making;
        }
    }

    private async Task<byte[]> MakeAsync()
    {
        var document = await provider.GetOpenApiDocumentAsync();
        using var text = new MemoryStream();
        await document.SerializeAsJsonAsync(text, options.Get(Name).OpenApiVersion);
        return text.ToArray();
    }
}
