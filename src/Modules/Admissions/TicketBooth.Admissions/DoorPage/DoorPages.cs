using System.Collections.Frozen;
using System.Security.Cryptography;
using System.Text;

namespace TicketBooth.Admissions.DoorPage;

/// <summary>
/// The page for the phones at the door: one page with its scripts, which a service worker keeps, so that it opens without a network. What
/// it shows it loads over REST.
/// </summary>
internal static class DoorPages
{
    public const string Path = "/door";

    private const string Folder = "Door/";
    private const string Page = "door.html";
    private const string Worker = "sw.js";

    // The camera is this page's own; nothing is loaded from elsewhere.
    private const string ContentSecurityPolicy =
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; media-src 'self' blob:; connect-src 'self'; "
        + "manifest-src 'self'; worker-src 'self'; form-action 'none'; frame-ancestors 'none'; base-uri 'none'";

    private static readonly FrozenDictionary<string, Asset> All = typeof(DoorPages)
        .Assembly.GetManifestResourceNames()
        .Where(name => name.StartsWith(Folder, StringComparison.Ordinal))
        .ToFrozenDictionary(name => name[Folder.Length..], Asset.Read, StringComparer.Ordinal);

    public static void Map(IEndpointRouteBuilder routes)
    {
        var worker = WorkerOf(All[Worker]);
        routes.MapGet(Path, (HttpContext context) => Answer(context, All[Page])).AllowAnonymous().ExcludeFromDescription();
        routes
            .MapGet(Path + "/{**name}", (string? name, HttpContext context) => name == Worker ? Answer(context, worker)
                : name is not null && All.TryGetValue(name, out var asset) ? Answer(context, asset)
                : TypedResults.NotFound())
            .AllowAnonymous()
            .ExcludeFromDescription();
    }

    private static IResult Answer(HttpContext context, Asset asset)
    {
        var headers = context.Response.Headers;
        headers.ContentSecurityPolicy = ContentSecurityPolicy;
        headers["Permissions-Policy"] = "camera=(self), geolocation=(), microphone=()";
        headers.CacheControl = "no-cache";
        headers.ETag = asset.ETag;

        // The worker serves the page too, which lies above its own folder.
        headers["Service-Worker-Allowed"] = Path;
        return context.Request.Headers.IfNoneMatch.ToString().Contains(asset.ETag, StringComparison.Ordinal)
            ? TypedResults.StatusCode(StatusCodes.Status304NotModified)
            : TypedResults.Bytes(asset.Content, asset.ContentType);
    }

    /// <summary>The worker keeps these files under a name that changes with them.</summary>
    private static Asset WorkerOf(Asset script)
    {
        var files = All.Keys.Where(name => name != Worker && name != Page).Order(StringComparer.Ordinal).Select(name => $"{Path}/{name}");
        var version = Asset.HashOf([.. All.OrderBy(asset => asset.Key, StringComparer.Ordinal).SelectMany(asset => asset.Value.Content)]);
        var head = $"const version = '{version}';\nconst files = ['{Path}', '{string.Join("', '", files)}'];\n";
        return Asset.Of(Worker, [.. Encoding.UTF8.GetBytes(head), .. script.Content]);
    }

    private sealed record Asset(byte[] Content, string ContentType, string ETag)
    {
        public static Asset Read(string resource)
        {
            using var stream = typeof(DoorPages).Assembly.GetManifestResourceStream(resource)!;
            var content = new byte[stream.Length];
            stream.ReadExactly(content);
            return Of(resource, content);
        }

        public static Asset Of(string name, byte[] content) =>
            new(
                content,
                System.IO.Path.GetExtension(name) switch
                {
                    ".html" => "text/html; charset=utf-8",
                    ".css" => "text/css; charset=utf-8",
                    ".svg" => "image/svg+xml",
                    ".webmanifest" => "application/manifest+json",
                    _ => "text/javascript; charset=utf-8",
                },
                $"\"{HashOf(content)}\""
            );

        public static string HashOf(byte[] content) => Convert.ToHexStringLower(SHA256.HashData(content))[..16];
    }
}
