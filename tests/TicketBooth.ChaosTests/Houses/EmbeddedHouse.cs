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

    private EmbeddedHouse(DirectoryInfo folder, Disk? disk, Clock? clock, WebhookRelay webhooks, StripeOffice? stripe)
    {
        (this.folder, Disk, Clock, Webhooks, Stripe) = (folder, disk, clock, webhooks, stripe);
        Data = Path.Combine(disk?.Path ?? folder.FullName, "data");
        Shelf = Directory.CreateDirectory(Path.Combine(folder.FullName, "backups")).FullName;
    }

    /// <summary>Null where none can be mounted.</summary>
    public Disk? Disk { get; }

    /// <summary>Null where libfaketime is missing.</summary>
    public Clock? Clock { get; }

    /// <summary>Null where the host has the sandbox.</summary>
    public StripeOffice? Stripe { get; }

    /// <summary>Where the files are.</summary>
    public string Data { get; }

    /// <summary>Where backups go: another disk.</summary>
    public string Shelf { get; }

    public HostProcess Host { get; private set; } = null!;

    public IReadOnlyList<HostProcess> Hosts => [Host];

    public IReadOnlyList<Uri> Addresses => [Host.Address];

    public WebhookRelay Webhooks { get; }

    public IReadOnlyList<(string Token, int Weight)> Tokens => Stripe?.Tokens ?? Sandbox.Tokens;

    public string GoodToken => Stripe is null ? Sandbox.Good : StripeOffice.GoodToken;

    public bool ReadsOneMoment => true;

    public DateTimeOffset Now => Clock?.Now ?? TimeProvider.System.GetUtcNow();

    /// <param name="megabytes">Of the disk.</param>
    /// <param name="isStripe">With the stand-in of Stripe, and by the machine's clock: the gateway has no other.</param>
    public static async Task<EmbeddedHouse> StartAsync(int megabytes, bool isStripe = false)
    {
        var webhooks = await WebhookRelay.StartAsync();
        var place = Directory.CreateTempSubdirectory("ticketbooth-chaos-");
        var house = new EmbeddedHouse(
            place,
            await Disk.MountAsync(place.FullName, megabytes),
            isStripe ? null : Clock.Find(place.FullName),
            webhooks,
            isStripe ? await StripeOffice.StartAsync(webhooks.Address) : null
        );
        house.Host = await HostProcess.StartAsync(
            [
                ("Storage:Path", house.Data),
                ("Booking:HoldMinutes", "0.5"),
                ("Booking:PaymentMinutes", "0.3"),
                .. house.Stripe?.Settings ?? Sandbox.Settings(webhooks.Address),
                .. house.Clock?.Settings ?? [],
            ]
        );
        house.Webhooks.Hosts = house.Addresses;
        return house;
    }

    public async Task<Stored> ReadAsync()
    {
        var files = SqliteFiles.Read(Data, Now);
        return Stripe is null ? files : files with { Charges = await Stripe.ChargesAsync() };
    }

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
        await Host.EndAsync();
        await Webhooks.DisposeAsync();
        if (Stripe is not null)
        {
            await Stripe.DisposeAsync();
        }

        if (Disk is not null)
        {
            await Disk.UnmountAsync();
        }

        folder.Delete(recursive: true);
    }
}
