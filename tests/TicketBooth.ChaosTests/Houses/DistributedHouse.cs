using TicketBooth.ChaosTests.Checking;
using TicketBooth.Testing;

namespace TicketBooth.ChaosTests.Houses;

/// <summary>Two hosts on MongoDB, Redis, Kafka and MariaDB, all of this run alone.</summary>
internal sealed class DistributedHouse : IHouse
{
    private static readonly TimeSpan longestHold = TimeSpan.FromMinutes(1);

    private readonly DirectoryInfo folder;
    private readonly List<HostProcess> hosts = [];

    private DistributedHouse(DirectoryInfo folder, Servers servers, WebhookRelay webhooks) =>
        (this.folder, Servers, Webhooks) = (folder, servers, webhooks);

    public Servers Servers { get; }

    public IReadOnlyList<HostProcess> Hosts => hosts;

    public IReadOnlyList<Uri> Addresses => [.. hosts.Select(host => host.Address)];

    public WebhookRelay Webhooks { get; }

    public IReadOnlyList<(string Token, int Weight)> Tokens => Sandbox.Tokens;

    public string GoodToken => Sandbox.Good;

    public bool ReadsOneMoment => false;

    public DateTimeOffset Now => TimeProvider.System.GetUtcNow();

    public static async Task<DistributedHouse> StartAsync()
    {
        var place = Directory.CreateTempSubdirectory("ticketbooth-chaos-");
        var house = new DistributedHouse(
            place,
            // The servers are users of their own, and may not enter this folder.
            await Servers.StartAsync(place.FullName + "-servers"),
            await WebhookRelay.StartAsync()
        );

        (string Key, string Value)[] settings =
        [
            .. house.Servers.Settings,
            ("Booking:HoldMinutes", "0.5"),
            ("Booking:PaymentMinutes", "0.3"),
            ("Payments:WebhookSecret", "whsec_" + Convert.ToBase64String(System.Security.Cryptography.RandomNumberGenerator.GetBytes(24))),
            .. Sandbox.Settings(house.Webhooks.Address),
        ];
        house.hosts.AddRange(await Task.WhenAll(HostProcess.StartAsync(settings), HostProcess.StartAsync(settings)));
        house.Webhooks.Hosts = house.Addresses;
        return house;
    }

    public Task<Stored> ReadAsync() => ServerStores.ReadAsync(Servers.MongoDb, Servers.MySql, Now);

    public Task<(int ExitCode, string Output)> AuditAsync() => hosts[0].AuditAsync();

    public Task LetTimePassAsync() => Task.Delay(longestHold);

    public async ValueTask DisposeAsync()
    {
        foreach (var host in hosts)
        {
            await host.EndAsync();
        }

        await Webhooks.DisposeAsync();
        await Servers.DisposeAsync();
        folder.Delete(recursive: true);
    }
}
