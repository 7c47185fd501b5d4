using System.Collections.Frozen;
using System.Security.Cryptography;

namespace TicketBooth.Dashboard.Shell;

/// <summary>The stylesheet and the script, under URLs that change with their content, so that browsers may cache them forever.</summary>
internal static class Assets
{
    private const string Folder = "Assets/";
    private const string Route = BuildingBlocks.Web.PageArea.Path + "/assets/";

    private static readonly FrozenDictionary<string, (string Hash, byte[] Content)> All = typeof(Assets)
        .Assembly.GetManifestResourceNames()
        .Where(name => name.StartsWith(Folder, StringComparison.Ordinal))
        .ToFrozenDictionary(name => name[Folder.Length..], Read, StringComparer.Ordinal);

    public static string Address(string name) => $"{Route}{All[name].Hash}/{name}";

    public static void Map(IEndpointRouteBuilder routes) =>
        routes
            .MapGet(Route + "{hash}/{name}", (string hash, string name, HttpContext context) =>
            {
                if (!All.TryGetValue(name, out var asset) || asset.Hash != hash)
                {
                    return Results.NotFound();
                }

                context.Response.Headers.CacheControl = "public, max-age=31536000, immutable";
                return Results.Bytes(
                    asset.Content,
                    Path.GetExtension(name) == ".css" ? "text/css; charset=utf-8" : "text/javascript; charset=utf-8"
                );
            })
            .AllowAnonymous()
            .ExcludeFromDescription();

    private static (string Hash, byte[] Content) Read(string resource)
    {
        using var stream = typeof(Assets).Assembly.GetManifestResourceStream(resource)!;
        var content = new byte[stream.Length];
        stream.ReadExactly(content);
        return (Convert.ToHexStringLower(SHA256.HashData(content))[..16], content);
    }
}
