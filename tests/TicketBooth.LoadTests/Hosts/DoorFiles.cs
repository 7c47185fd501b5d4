namespace TicketBooth.LoadTests.Hosts;

/// <summary>Sells tickets whose door is open, and writes their codes into files that wrk reads.</summary>
internal sealed class DoorFiles(MeasuredHost host, IReadOnlyList<string> buyers) : IDisposable
{
    private const int TicketsPerOrder = 10;
    private const int TicketsPerEvent = 10_000;

    // The door of a show that begins in 30 days, in minutes.
    private const int OpensBefore = 30 * 24 * 60;

    private readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("ticketbooth-codes-");
    private int files;

    public async Task<SoldCodes> PrepareAsync(int count)
    {
        var events = new List<string>();
        for (var left = count; left > 0; left -= TicketsPerEvent)
        {
            var id = await Api.PublishEventAsync(
                host.Client,
                host.AdminToken,
                "A night at the door",
                TicketsPerEvent,
                large: false,
                price: 0
            );
            await Api.SendAsync(
                host.Client,
                host.AdminToken,
                HttpMethod.Put,
                $"/api/v1/events/{id}/door-rules",
                new
                {
                    opensMinutesBefore = OpensBefore,
                    closesMinutesAfter = 240,
                    reEntry = false,
                    transfers = 1,
                }
            );
            events.Add(id);
        }

        var orders = new string[(count + TicketsPerOrder - 1) / TicketsPerOrder];
        var codes = new IReadOnlyList<string>[orders.Length];
        await Preparing.ForAsync(orders.Length, async number =>
        {
            var buyer = buyers[number % buyers.Count];
            var body = new { eventId = events[number % events.Count], quantity = TicketsPerOrder };
            orders[number] = (string)(await Api.SendAsync(host.Client, buyer, HttpMethod.Post, "/api/v1/orders", body))["id"]!;
            var tickets = await Api.SendAsync(host.Client, buyer, HttpMethod.Get, $"/api/v1/orders/{orders[number]}/tickets", null);
            codes[number] = [.. tickets["items"]!.AsArray().Select(ticket => (string)ticket!["code"]!)];
        });
        var file = Path.Combine(folder.FullName, FormattableString.Invariant($"codes-{++files}"));
        await File.WriteAllLinesAsync(file, codes.SelectMany(ofOrder => ofOrder).Take(count));
        return new SoldCodes(events, orders, file);
    }

    /// <summary>How many are inside now. A door's state is at most a second old.</summary>
    public async Task<long> InsideAsync(IReadOnlyList<string> events)
    {
        await Task.Delay(TimeSpan.FromSeconds(2));
        long inside = 0;
        foreach (var id in events)
        {
            var door = await Api.SendAsync(host.Client, host.AdminToken, HttpMethod.Get, $"/api/v1/events/{id}/door", null);
            inside += (long)door["counts"]!["inside"]!;
        }

        return inside;
    }

    public void Dispose() => folder.Delete(recursive: true);
}

/// <param name="Events">Whose door is open.</param>
/// <param name="Orders">Of ten tickets each.</param>
/// <param name="File">A code a line.</param>
internal sealed record SoldCodes(IReadOnlyList<string> Events, IReadOnlyList<string> Orders, string File);
