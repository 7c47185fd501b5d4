using TicketBooth.ChaosTests.Checking;
using TicketBooth.Testing;

namespace TicketBooth.ChaosTests.Houses;

/// <summary>A ticket office of real processes, with all that can be broken around it.</summary>
internal interface IHouse : IAsyncDisposable
{
    IReadOnlyList<HostProcess> Hosts { get; }

    IReadOnlyList<Uri> Addresses { get; }

    WebhookRelay Webhooks { get; }

    /// <summary>What buyers pay with, each with how often; <c>pix</c> is Pix.</summary>
    IReadOnlyList<(string Token, int Weight)> Tokens { get; }

    /// <summary>The one that pays.</summary>
    string GoodToken { get; }

    /// <summary>By the hosts' clock.</summary>
    DateTimeOffset Now { get; }

    /// <summary>Whether what is read of the orders is one moment. Where it is not, what looks wrong while people buy is read again.</summary>
    bool ReadsOneMoment { get; }

    /// <summary>By statements of this program's own.</summary>
    Task<Stored> ReadAsync();

    /// <summary>The verb <c>audit</c>.</summary>
    Task<(int ExitCode, string Output)> AuditAsync();

    /// <summary>When nobody asks any more: holds end, where the clock is ours.</summary>
    Task LetTimePassAsync();
}

internal static class HostEnds
{
    /// <summary>Whatever a fault that was not ended has left it in.</summary>
    public static async Task EndAsync(this HostProcess host)
    {
        if (host.ExitCode is null)
        {
            await host.SignalAsync("CONT");
        }

        await host.DisposeAsync();
    }
}
