using System.Net.Sockets;
using System.Security.Cryptography;
using Microsoft.AspNetCore.Connections;
using Microsoft.Extensions.Options;
using TicketBooth.BuildingBlocks.Web;

namespace TicketBooth.Host.Starting;

/// <summary>Whether the addresses can be served: asked before anything is stored, because the web server itself starts last.</summary>
internal static class AddressCheck
{
    private const string RetryAfterSeconds = "2";

    /// <summary>Serves the addresses for a moment, with nothing behind them.</summary>
    /// <exception cref="OptionsValidationException">An address is in use, or makes no sense.</exception>
    public static async Task RunAsync(IConfiguration configuration)
    {
        await using var probe = BuildProbe(configuration);
        try
        {
            await probe.StartAsync();
        }
        catch (Exception failure)
            when (failure is IOException or SocketException or FormatException or InvalidOperationException or CryptographicException)
        {
            throw Refuse(failure);
        }

        await probe.StopAsync();
    }

    /// <summary>Starts the host. Another program may have taken an address since the check.</summary>
    public static async Task StartAsync(WebApplication app, CancellationToken cancellationToken)
    {
        try
        {
            await app.StartAsync(cancellationToken);
        }
        catch (IOException failure) when (failure.InnerException is AddressInUseException)
        {
            throw Refuse(failure);
        }
    }

    /// <remarks>
    /// Clients of a host that starts again knock all the time. Without an answer of its own the probe would tell them 404: that their
    /// order, which is stored, does not exist.
    /// </remarks>
    internal static WebApplication BuildProbe(IConfiguration configuration)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Configuration.AddConfiguration(configuration);
        builder.Logging.ClearProviders();
        builder.WebHost.UseKestrelHttpsConfiguration();
        var probe = builder.Build();
        probe.Run(context =>
        {
            context.Response.Headers.RetryAfter = RetryAfterSeconds;
            var status = StatusCodes.Status503ServiceUnavailable;
            return Problems.WriteAsync(
                context,
                status,
                Problems.CodeOf(status),
                "The host is starting; try again after the time in Retry-After."
            );
        });
        return probe;
    }

    private static OptionsValidationException Refuse(Exception failure) => new("urls", typeof(AddressCheck), [$"urls: {failure.Message}"]);
}
