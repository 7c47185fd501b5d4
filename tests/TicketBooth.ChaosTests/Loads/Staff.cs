using TicketBooth.ChaosTests.Telling;

namespace TicketBooth.ChaosTests.Loads;

/// <summary>Refunds, cancels, moves prices, cancels events, rebuilds the read model, and keeps events on sale.</summary>
internal sealed class Staff(Client client, Ledger ledger, EventBook book, Door door, Random dice, int shows)
{
    public async Task ActAsync(CancellationToken stop)
    {
        while (book.OnSale.Count < shows)
        {
            await book.OpenAsync(client, stop);
        }

        switch (dice.Next(100))
        {
            case < 30:
                await RefundAsync(stop);
                break;
            case < 40:
                await CancelOrderAsync(stop);
                break;
            case < 55:
                await MovePricesAsync();
                break;
            case < 85:
                await CheckInAsync(stop);
                break;
            case < 95:
                await ReplaceSoldOutAsync();
                break;
            case < 97:
                await CancelShowAsync(stop);
                break;
            default:
                // 409 while one runs.
                await client.SendAsync(HttpMethod.Post, "/api/v1/dashboard/runs/rebuild");
                break;
        }
    }

    private ToldOrder? Any(Func<ToldOrder, bool> isSo)
    {
        var some = ledger.Facts.Orders.Values.Where(isSo).ToList();
        return some.Count == 0 ? null : some[dice.Next(some.Count)];
    }

    private async Task RefundAsync(CancellationToken stop)
    {
        if (Any(order => order.Seen.Contains("paid") && !order.Seen.Contains("refunded")) is not { } order)
        {
            return;
        }

        object body = dice.Next(4) switch
        {
            0 => new { reason = "All of it." },
            1 => new { reason = "A part.", amount = dice.Next(1, 2_000) },
            2 => new { reason = "A seat.", ticketIds = new[] { order.Tickets[dice.Next(order.Tickets.Length)].Id } },
            _ => new
            {
                reason = "The money of a seat.",
                ticketIds = new[] { order.Tickets[dice.Next(order.Tickets.Length)].Id },
                releaseTickets = false,
            },
        };
        ledger.AsksToEnd(order.Id);
        await AskForOrderAsync($"/api/v1/orders/{order.Id}/refunds", body, stop);
    }

    private async Task CancelOrderAsync(CancellationToken stop)
    {
        if (Any(order => !order.EndAsked) is { } order)
        {
            ledger.AsksToEnd(order.Id);
            await AskForOrderAsync($"/api/v1/orders/{order.Id}/cancel", body: null, stop);
        }
    }

    private async Task AskForOrderAsync(string path, object? body, CancellationToken stop)
    {
        var key = Guid.NewGuid().ToString();
        Answer answer;
        do
        {
            answer = await client.SendAsync(HttpMethod.Post, path, body, key);
            if (answer.IsDone)
            {
                ledger.Saw(answer.Body);
            }
        } while (answer.IsOpen && dice.Next(10) < 8 && !stop.IsCancellationRequested);
    }

    private async Task MovePricesAsync()
    {
        var show = book.OnSale[dice.Next(book.OnSale.Count)];
        await client.SendAsync(
            HttpMethod.Post,
            $"/api/v1/events/{show.Id}/price-adjustments",
            new { percentage = dice.Next(2) == 0 ? 5 : -5 },
            Guid.NewGuid().ToString()
        );
    }

    private async Task CheckInAsync(CancellationToken stop)
    {
        if (!door.TryNext(out var ticket))
        {
            return;
        }

        // Some are scanned twice, as two scans.
        for (var scans = dice.Next(4) == 0 ? 2 : 1; scans > 0; scans--)
        {
            var scan = new { scanId = Guid.NewGuid(), code = ticket.Code };
            Answer answer;
            do
            {
                answer = await client.SendAsync(HttpMethod.Post, "/api/v1/checkins", scan);
            } while (answer.IsOpen && !stop.IsCancellationRequested);

            if ((string?)answer.Body["outcome"] == "admitted")
            {
                ledger.Admitted(ticket.Code, ticket.TicketId);
            }
        }
    }

    private async Task ReplaceSoldOutAsync()
    {
        foreach (var show in book.OnSale)
        {
            var answer = await client.SendAsync(HttpMethod.Get, $"/api/v1/events/{show.Id}");
            if (answer.IsDone && (int)answer.Body["available"]! < show.Tickets / 10)
            {
                book.Close(show);
            }
        }
    }

    private async Task CancelShowAsync(CancellationToken stop)
    {
        var show = book.OnSale[dice.Next(book.OnSale.Count)];
        book.Close(show);
        ledger.AsksToCancel(show.Id);
        Answer answer;
        do
        {
            answer = await client.SendAsync(HttpMethod.Post, $"/api/v1/events/{show.Id}/cancel");
            if (answer.IsDone)
            {
                ledger.IsCanceled(show.Id);
            }
        } while (answer.IsOpen && !stop.IsCancellationRequested);
    }
}
