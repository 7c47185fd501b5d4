using System.ComponentModel.DataAnnotations;
using System.Net;
using Microsoft.AspNetCore.HttpOverrides;
using Microsoft.Extensions.Options;
using TicketBooth.BuildingBlocks.Kernel;
using IPNetwork = System.Net.IPNetwork;

namespace TicketBooth.Host.Web;

/// <summary>Section <c>Web</c>: the proxies in front of the host.</summary>
internal sealed class ProxyOptions : IValidatableObject
{
    /// <summary>Addresses and networks, separated by commas.</summary>
    public string? KnownProxies { get; set; }

    /// <summary>Each as a network; a single address is one of its full length.</summary>
    public IEnumerable<IPNetwork?> Networks =>
        (KnownProxies ?? "")
            .Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries)
            .Select(text =>
                IPNetwork.TryParse(text, out var network) ? network
                : IPAddress.TryParse(text, out var address) ? new IPNetwork(address, address.GetAddressBytes().Length * 8)
                : (IPNetwork?)null
            );

    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext) =>
        Networks.Any(network => network is null)
            ? [new ValidationResult("Addresses and networks such as 192.0.2.1 or 10.0.0.0/8, separated by commas.", [nameof(KnownProxies)])]
            : [];
}

/// <summary>
/// Takes a client's address from <c>X-Forwarded-For</c> when a known proxy sent the request, and from nobody else: limits count by address,
/// and anybody can write a header.
/// </summary>
internal static class KnownProxies
{
    public static void AddKnownProxies(this IServiceCollection services)
    {
        services.AddSettings<ProxyOptions>("Web");

        // After the framework's own setting ForwardedHeaders_Enabled, which trusts everybody.
        services
            .AddOptions<ForwardedHeadersOptions>()
            .PostConfigure<IOptions<ProxyOptions>>(
                (forwarded, proxies) =>
                {
                    forwarded.ForwardedHeaders = ForwardedHeaders.XForwardedFor | ForwardedHeaders.XForwardedProto;

                    // As many as are known, one after the other.
                    forwarded.ForwardLimit = null;
                    forwarded.KnownProxies.Clear();
                    forwarded.KnownIPNetworks.Clear();
                    forwarded.KnownIPNetworks.Add(new IPNetwork(IPAddress.Parse("127.0.0.0"), 8));
                    forwarded.KnownIPNetworks.Add(new IPNetwork(IPAddress.IPv6Loopback, 128));
                    foreach (var network in proxies.Value.Networks.OfType<IPNetwork>())
                    {
                        forwarded.KnownIPNetworks.Add(network);
                    }
                }
            );
    }

    public static void UseKnownProxies(this WebApplication app)
    {
        if (!string.IsNullOrWhiteSpace(app.Configuration["Web:KnownProxies"]))
        {
            app.UseForwardedHeaders();
        }
    }
}
