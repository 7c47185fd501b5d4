using TicketBooth.ChaosTests.Houses;
using TicketBooth.ChaosTests.Reports;
using TicketBooth.ChaosTests.Telling;
using TicketBooth.Testing;

namespace TicketBooth.ChaosTests.Loads;

/// <summary>Everybody who uses the office at once. They go on while faults come and go, until they are stopped, and can be asked to wait.</summary>
internal sealed class Load(IHouse house, Ledger ledger, Outages outages, LoadPlan plan, int seed) : IAsyncDisposable
{
    private const string Password = "a-long-enough-password";
    private static readonly TimeSpan canaryPause = TimeSpan.FromMilliseconds(200);

    private readonly CancellationTokenSource stop = new();
    private readonly EventBook book = new(ledger, plan.Tickets);
    private readonly List<Client> clients = [];
    private readonly List<Task> running = [];

    // One turn for each of the people; who takes them all has everybody wait.
    private readonly SemaphoreSlim turns = new(plan.Buyers + 1, plan.Buyers + 1);
    private readonly int people = plan.Buyers + 1;
    private Client admin = null!;
    private Client canary = null!;

    /// <summary>For what is asked at the end; nobody else uses it.</summary>
    public Client Admin => admin;

    public async Task StartAsync()
    {
        admin = NewClient(TestUsers.AdminEmail, TestUsers.AdminPassword);
        await admin.ArriveAsync(isNew: false, stop.Token);
        await book.OpenAsync(admin, stop.Token);
        var door = new Door();
        var tokens = house.Tokens;
        for (var i = 0; i < plan.Buyers; i++)
        {
            var client = NewClient(FormattableString.Invariant($"buyer-{i}@example.com"), Password);
            await client.ArriveAsync(isNew: true, stop.Token);
            var dice = new Random((seed * 1_000) + i);
            var buyer = new Buyer(client, ledger, book, door, dice, tokens);
            running.Add(Task.Run(() => GoOnAsync(buyer.ActAsync, plan.Pause, dice)));
        }

        canary = NewClient("canary@example.com", Password);
        await canary.ArriveAsync(isNew: true, stop.Token);
        var staffDice = new Random((seed * 1_000) + 999);
        var clerk = NewClient(TestUsers.AdminEmail, TestUsers.AdminPassword);
        var staff = new Staff(clerk, ledger, book, door, staffDice, plan.Shows);
        running.Add(Task.Run(() => GoOnAsync(staff.ActAsync, plan.Pause * 2, staffDice)));
    }

    /// <summary>Everybody ends what they are at, and waits until the result is disposed.</summary>
    public async Task<IAsyncDisposable> PauseAsync()
    {
        for (var i = 0; i < people; i++)
        {
            await turns.WaitAsync();
        }

        return new Break(this);
    }

    /// <summary>
    /// One purchase from end to end: ordered, paid, told by webhook, shown to staff. Repeated until it works: how long after a fault that
    /// takes is how long the office needed to catch up.
    /// </summary>
    /// <returns>False when it did not work in all that time.</returns>
    public async Task<bool> BuyOneAsync(TimeSpan patience)
    {
        using var patient = new CancellationTokenSource(patience);
        while (!patient.IsCancellationRequested)
        {
            if (book.OnSale is [var show, ..] && await TryToBuyAsync(show, patient.Token))
            {
                return true;
            }

            await Task.Delay(canaryPause);
        }

        return false;
    }

    /// <summary>Everybody ends what they are at and goes. What a fault has hushed must be over.</summary>
    public async Task StopAsync()
    {
        await stop.CancelAsync();
        await Task.WhenAll(running);
    }

    public async ValueTask DisposeAsync()
    {
        await stop.CancelAsync();
        await Task.WhenAll(running).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        clients.ForEach(client => client.Dispose());
        stop.Dispose();
        turns.Dispose();
    }

    private Client NewClient(string email, string password)
    {
        var client = new Client(house, outages, email, password, clients.Count);
        clients.Add(client);
        return client;
    }

    private async Task<bool> TryToBuyAsync(Show show, CancellationToken patient)
    {
        ledger.Asks(canary.Id);
        var placed = await canary.SendAsync(HttpMethod.Post, "/api/v1/orders", new { eventId = show.Id, quantity = 1 });
        if (!placed.IsDone)
        {
            if (!placed.IsOpen)
            {
                ledger.IsAnswered(canary.Id);
            }

            return false;
        }

        var order = ledger.Placed(canary.Id, placed.Body);
        var paid = await canary.SendAsync(HttpMethod.Post, $"/api/v1/orders/{order.Id}/payment", new { method = "card", token = house.GoodToken });
        if (!paid.IsDone)
        {
            return false;
        }

        ledger.PaymentAccepted(order.Id, (Guid)paid.Body["paymentId"]!);
        while (!patient.IsCancellationRequested)
        {
            var shown = await admin.SendAsync(HttpMethod.Get, $"/api/v1/dashboard/orders/{order.Id}");
            var status = shown.IsDone ? (string?)shown.Body["status"] : null;
            if (status == "paid")
            {
                return true;
            }

            if (status is "expired" or "canceled" or "refunded")
            {
                // The event was canceled meanwhile, or the fault was longer than the hold.
                return false;
            }

            await Task.Delay(canaryPause, CancellationToken.None);
        }

        return false;
    }

    private async Task GoOnAsync(Func<CancellationToken, Task> act, TimeSpan pause, Random dice)
    {
        while (!stop.IsCancellationRequested)
        {
            await turns.WaitAsync();
            try
            {
                await act(stop.Token);
            }
            catch (OperationCanceledException) when (stop.IsCancellationRequested)
            {
                // The end came while something was asked again.
            }
            catch (InvalidOperationException refused)
            {
                ledger.IsWrong($"what must work was refused: {refused.Message}");
            }
            finally
            {
                turns.Release();
            }

            await Task.Delay(pause * (0.25 + dice.NextDouble() * 1.5));
        }
    }

    private sealed class Break(Load load) : IAsyncDisposable
    {
        public ValueTask DisposeAsync()
        {
            load.turns.Release(load.people);
            return ValueTask.CompletedTask;
        }
    }
}

/// <summary>How much is asked for.</summary>
/// <param name="Tickets">Of each event.</param>
/// <param name="Shows">Events on sale at a time.</param>
/// <param name="Pause">Between two things that somebody does, on average.</param>
internal sealed record LoadPlan(int Buyers, int Tickets, int Shows, TimeSpan Pause);
