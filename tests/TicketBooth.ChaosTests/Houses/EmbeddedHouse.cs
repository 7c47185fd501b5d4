using System.Globalization;
using TicketBooth.ChaosTests.Checking;
using TicketBooth.Testing;

namespace TicketBooth.ChaosTests.Houses;

/// <summary>One host on its own files, on a disk and by a clock that are the house's own where this machine lets us have them.</summary>
internal sealed class EmbeddedHouse : IHouse
{
    // Holds and payments end soon, so that what follows happens within a run.
    private static readonly TimeSpan longestHold = TimeSpan.FromMinutes(1);

    private readonly DirectoryInfo folder;

    private EmbeddedHouse(DirectoryInfo folder, Disk? disk, Clock? clock, WebhookRelay webhooks)
    {
        (this.folder, Disk, Clock, Webhooks) = (folder, disk, clock, webhooks);
        Data = Path.Combine(disk?.Path ?? folder.FullName, "data");
        Shelf = Directory.CreateDirectory(Path.Combine(folder.FullName, "backups")).FullName;
    }

    /// <summary>Null where none can be mounted.</summary>
    public Disk? Disk { get; }

    /// <summary>Null where libfaketime is missing.</summary>
    public Clock? Clock { get; }

    /// <summary>Where the files are.</summary>
    public string Data { get; }

    /// <summary>Where backups go: another disk.</summary>
    public string Shelf { get; }

    public HostProcess Host { get; private set; } = null!;

    public IReadOnlyList<HostProcess> Hosts => [Host];

    public IReadOnlyList<Uri> Addresses => [Host.Address];

    public WebhookRelay Webhooks { get; }

    public IReadOnlyList<(string Token, int Weight)> Tokens => Sandbox.Tokens;

    public string GoodToken => Sandbox.Good;

    public DateTimeOffset Now => Clock?.Now ?? TimeProvider.System.GetUtcNow();

    /// <param name="megabytes">Of the disk.</param>
    public static async Task<EmbeddedHouse> StartAsync(int megabytes)
    {
        var folder = Directory.CreateTempSubdirectory("ticketbooth-chaos-");
        var house = new EmbeddedHouse(
            folder,
            await Disk.MountAsync(folder.FullName, megabytes),
            Clock.Find(folder.FullName),
            await WebhookRelay.StartAsync()
        );
        house.Host = await HostProcess.StartAsync(
            [
                ("Storage:Path", house.Data),
                ("Booking:HoldMinutes", "0.5"),
                ("Booking:PaymentMinutes", "0.3"),
                ("Payments:Sandbox:WebhookUrl", new Uri(house.Webhooks.Address, "/api/v1/webhooks/payments").ToString()),
                ("Payments:Sandbox:LateSeconds", "1"),
                ("Payments:Sandbox:PixSeconds", "1"),
                .. house.Clock?.Settings ?? [],
            ]
        );
        house.Webhooks.Hosts = house.Addresses;
        return house;
    }

    public Task<Stored> ReadAsync() => Task.FromResult(SqliteFiles.Read(Data, Now));

    public Task<(int ExitCode, string Output)> AuditAsync() => Host.AuditAsync();

    public Task LetTimePassAsync()
    {
        // A clock that went back has left holds that end an hour later than others.
        Clock?.Jump(TimeSpan.FromHours(3));
        return Clock is null ? Task.Delay(longestHold) : Task.CompletedTask;
    }

    /// <summary>A name for the next backup.</summary>
    public string NewBackup() => Path.Combine(Shelf, string.Create(CultureInfo.InvariantCulture, $"{Guid.NewGuid():N}.zip"));

    public async ValueTask DisposeAsync()
    {
        await Host.SignalAsync("CONT");
        await Host.DisposeAsync();
        await Webhooks.DisposeAsync();
        if (Disk is not null)
        {
            await Disk.UnmountAsync();
        }

        folder.Delete(recursive: true);
    }
}
