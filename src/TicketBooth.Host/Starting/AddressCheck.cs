using System.Net.Sockets;
using System.Security.Cryptography;
using Microsoft.AspNetCore.Connections;
using Microsoft.Extensions.Options;

namespace TicketBooth.Host.Starting;

/// <summary>Whether the addresses can be served: asked before anything is stored, because the web server itself starts last.</summary>
internal static class AddressCheck
{
    /// <summary>Serves the addresses for a moment, with nothing behind them.</summary>
    /// <exception cref="OptionsValidationException">An address is in use, or makes no sense.</exception>
    public static async Task RunAsync(IConfiguration configuration)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Configuration.AddConfiguration(configuration);
        builder.Logging.ClearProviders();
        builder.WebHost.UseKestrelHttpsConfiguration();
        await using var probe = builder.Build();
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

    private static OptionsValidationException Refuse(Exception failure) => new("urls", typeof(AddressCheck), [$"urls: {failure.Message}"]);
}
