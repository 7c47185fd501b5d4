using System.Diagnostics;
using System.Security.Cryptography;
using TicketBooth.LoadTests.Figures;
using TicketBooth.Testing;

namespace TicketBooth.LoadTests.Hosts;

/// <summary>A host in a process of its own, and what can be asked of it while it is measured.</summary>
internal sealed class MeasuredHost : IAsyncDisposable
{
    // A measurement takes longer than tokens and holds usually live.
    private static readonly IEnumerable<(string Key, string Value)> always =
    [
        // Development checks each resolved service and each answer for developers. Production would refuse the sandbox.
        ("ASPNETCORE_ENVIRONMENT", "Staging"),
        ("Accounts:Keys:AllowClear", "true"),
        ("Payments:WebhookSecret", "whsec_" + Convert.ToBase64String(RandomNumberGenerator.GetBytes(24))),
        ("Metrics:Enabled", "true"),
        ("Accounts:AccessTokenMinutes", "1440"),
        ("Booking:HoldMinutes", "1440"),
    ];

    private readonly HostProcess process;

    private MeasuredHost(HostProcess process, HttpClient client, string adminToken, TimeSpan startTook)
    {
        (this.process, Client, AdminToken, StartTook) = (process, client, adminToken, startTook);
        Cpu = new ProcessCpu(process.Id);
    }

    public HttpClient Client { get; }

    public string AdminToken { get; }

    public ProcessCpu Cpu { get; }

    /// <summary>From the start of the process until it was ready.</summary>
    public TimeSpan StartTook { get; }

    public int ProcessId => process.Id;

    /// <summary>Where its embedded files are.</summary>
    public string Folder => process.Folder;

    public static async Task<MeasuredHost> StartAsync(params IEnumerable<(string Key, string Value)> settings)
    {
        var watch = Stopwatch.StartNew();
        var started = await HostProcess.StartAsync([.. always, .. settings]);
        var took = watch.Elapsed;
        var client = new HttpClient { BaseAddress = started.Address };
        return new MeasuredHost(started, client, await Api.SignInAsync(client, TestUsers.AdminEmail, TestUsers.AdminPassword), took);
    }

    public Uri At(string path) => new(process.Address, path);

    /// <summary>Signs buyers up and in.</summary>
    /// <returns>Their tokens.</returns>
    public async Task<IReadOnlyList<string>> BuyersAsync(int count)
    {
        var tokens = new string[count];
        await Parallel.ForAsync(0, count, new ParallelOptions { MaxDegreeOfParallelism = 4 }, async (number, _) =>
            tokens[number] = await Api.NewBuyerAsync(Client, number)
        );
        return tokens;
    }

    /// <summary>Publishes events that are on sale.</summary>
    /// <returns>Their ids.</returns>
    public async Task<IReadOnlyList<string>> PublishAsync(int count, int tickets)
    {
        var events = new List<string>(count);
        for (var i = 0; i < count; i++)
        {
            events.Add(await Api.PublishEventAsync(Client, AdminToken, $"Night {i}", tickets, large: false));
        }

        return events;
    }

    public Task<MetricsPage> MetricsAsync() => MetricsPage.ReadAsync(Client);

    public Task<Followed> FollowedAsync() => Followed.ReadAsync(Client, AdminToken);

    /// <summary>Stops the host and audits what it has stored.</summary>
    public async Task<bool> PassesAuditAsync()
    {
        await process.StopAsync();
        var (exitCode, said) = await process.AuditAsync();
        if (exitCode != 0)
        {
            Console.WriteLine(said);
        }

        return exitCode == 0;
    }

    public async ValueTask DisposeAsync()
    {
        Client.Dispose();
        await process.DisposeAsync();
    }
}
