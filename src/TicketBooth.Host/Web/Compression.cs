using System.IO.Compression;
using Microsoft.AspNetCore.ResponseCompression;
using Microsoft.Extensions.Options;
using TicketBooth.BuildingBlocks.Web;

namespace TicketBooth.Host.Web;

/// <summary>
/// Lists and documents travel compressed. Pages do not: they hold form tokens, whose compressed length would give them away.
/// </summary>
internal static class Compression
{
    public static void AddCompression(this IServiceCollection services)
    {
        services.AddResponseCompression(options =>
        {
            options.EnableForHttps = true;
            options.Providers.Add<BrotliCompressionProvider>();
            options.Providers.Add<GzipCompressionProvider>();
            options.MimeTypes =
            [
                "application/json",
                "application/problem+json",
                "application/javascript",
                "text/javascript",
                "text/css",
                "text/html",
            ];
        });
        services.Configure<BrotliCompressionProviderOptions>(brotli => brotli.Level = CompressionLevel.Fastest);
        services.Configure<GzipCompressionProviderOptions>(gzip => gzip.Level = CompressionLevel.Fastest);
        services.AddSingleton<IResponseCompressionProvider, Worthwhile>();
    }

    public static void UseCompression(this IApplicationBuilder app) =>
        app.UseWhen(context => HttpMethods.IsGet(context.Request.Method) && !context.IsPage(), reads => reads.UseResponseCompression());

    /// <summary>Leaves small answers alone, where their length is known.</summary>
    private sealed class Worthwhile(IServiceProvider services, IOptions<ResponseCompressionOptions> options)
        : ResponseCompressionProvider(services, options)
    {
        private const int Smallest = 1024;

        public override bool ShouldCompressResponse(HttpContext context) =>
            context.Response.ContentLength is null or >= Smallest && base.ShouldCompressResponse(context);
    }
}
