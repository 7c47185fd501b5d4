using System.Text.Json;

namespace TicketBooth.Gateways.Pix;

/// <summary>Starts the stand-in as <c>pix [folder for certificates]</c>, and prints in one line of JSON what its customer must know.</summary>
internal static class PixProgram
{
    public static async Task<IAsyncDisposable> StartAsync(string[] args)
    {
        var standIn = await PixStandIn.StartAsync(new() { Folder = args.ElementAtOrDefault(0), AllowsHttpWebhooks = true });
        await Console.Out.WriteLineAsync("pix " + JsonSerializer.Serialize(Describe(standIn), PixJson.Options));
        return standIn;
    }

    public static object Describe(PixStandIn standIn) =>
        new
        {
            standIn.TokenUrl,
            standIn.ApiBase,
            standIn.ControlUrl,
            standIn.Options.ClientId,
            standIn.Options.ClientSecret,
            standIn.Options.Receiver.Keys,
            standIn.Certificates.AuthorityPath,
            standIn.Certificates.ClientPfxPath,
            standIn.Certificates.ClientPfxPassword,
            standIn.Certificates.ClientCertificatePath,
            standIn.Certificates.ClientKeyPath,
        };
}
