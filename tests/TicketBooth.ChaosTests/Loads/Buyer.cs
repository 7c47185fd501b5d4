using TicketBooth.ChaosTests.Telling;

namespace TicketBooth.ChaosTests.Loads;

/// <summary>
/// Orders, pays, looks, cancels, as its dice say, and writes down every answer. Some requests are repeated under their key when nothing
/// came back, some are not: both happen.
/// </summary>
internal sealed class Buyer(Client client, Ledger ledger, EventBook book, Door door, Random dice, IReadOnlyList<(string Token, int Weight)> tokens)
{
    private const int MostTickets = 4;
    private static readonly TimeSpan longestLook = TimeSpan.FromSeconds(12);

    /// <summary>One order and what becomes of it.</summary>
    public async Task ActAsync(CancellationToken stop)
    {
        if (await OrderAsync(stop) is not { } order)
        {
            return;
        }

        var next = dice.Next(100);
        if (next < 8)
        {
            // Left alone: its hold ends.
            return;
        }

        if (next < 16)
        {
            await CancelAsync(order, stop);
            return;
        }

        await PayAsync(order, stop);
        if (await LookAsync(order, stop) != "paid")
        {
            return;
        }

        next = dice.Next(100);
        if (next < 10)
        {
            await CancelAsync(order, stop);
        }
        else if (next < 30)
        {
            var codes = await client.SendAsync(HttpMethod.Get, $"/api/v1/orders/{order.Id}/tickets");
            if (codes.IsDone)
            {
                door.Bring(codes.Body["items"]!.AsArray().Select(ticket => ((string)ticket!["code"]!, (Guid)ticket["ticketId"]!)));
            }
        }
    }

    private async Task<ToldOrder?> OrderAsync(CancellationToken stop)
    {
        var shows = book.OnSale;
        var show = shows[dice.Next(shows.Count)];
        var quantity = dice.Next(1, MostTickets + 1);
        object body;
        if (dice.Next(2) == 0)
        {
            // Half of them want the same few seats.
            var last = dice.Next(2) == 0 ? Math.Min(show.Tickets, 60) : show.Tickets;
            var first = dice.Next(1, last - quantity + 1);
            body = new { ticketIds = Enumerable.Range(first, quantity).Select(show.Ticket) };
        }
        else
        {
            body = dice.Next(2) == 0
                ? new { eventId = show.Id, quantity }
                : new { eventId = show.Id, tierId = show.TierIds[dice.Next(show.TierIds.Count)], quantity };
        }

        var key = dice.Next(10) < 8 ? Guid.NewGuid().ToString() : null;
        ledger.Asks(client.Id);
        var answer = await client.SendAsync(HttpMethod.Post, "/api/v1/orders", body, key);
        while (answer.IsOpen && key is not null && dice.Next(10) < 8 && !stop.IsCancellationRequested)
        {
            answer = await client.SendAsync(HttpMethod.Post, "/api/v1/orders", body, key);
        }

        if (answer.IsDone)
        {
            return ledger.Placed(client.Id, answer.Body);
        }

        if (!answer.IsOpen)
        {
            ledger.IsAnswered(client.Id);
            if (answer.Code is not ("ticket-taken" or "not-enough-tickets" or "event-canceled"))
            {
                ledger.IsWrong($"an order was refused: {answer}");
            }
        }

        return null;
    }

    private async Task PayAsync(ToldOrder order, CancellationToken stop)
    {
        var body = Means();
        Answer answer;
        do
        {
            answer = await client.SendAsync(HttpMethod.Post, $"/api/v1/orders/{order.Id}/payment", body);
            if (answer.IsDone)
            {
                ledger.PaymentAccepted(order.Id, (Guid)answer.Body["paymentId"]!);
                if ((string?)answer.Body["nextAction"]?["url"] is { } url && dice.Next(4) > 0)
                {
                    await client.SendAsync(HttpMethod.Get, url, isSignedIn: false);
                }
            }
        } while (answer.IsOpen && dice.Next(10) < 8 && !stop.IsCancellationRequested);
    }

    private object Means()
    {
        var at = dice.Next(tokens.Sum(one => one.Weight));
        foreach (var (token, weight) in tokens)
        {
            at -= weight;
            if (at < 0)
            {
                return token == "pix" ? new { method = "pix" } : new { method = "card", token };
            }
        }

        throw new InvalidOperationException("The weights have a sum.");
    }

    private async Task CancelAsync(ToldOrder order, CancellationToken stop)
    {
        ledger.AsksToEnd(order.Id);
        Answer answer;
        do
        {
            answer = await client.SendAsync(HttpMethod.Post, $"/api/v1/orders/{order.Id}/cancel");
            if (answer.IsDone)
            {
                ledger.Saw(answer.Body);
            }
        } while (answer.IsOpen && dice.Next(10) < 8 && !stop.IsCancellationRequested);
    }

    /// <summary>Until the order is no longer on payment, or for a while.</summary>
    private async Task<string?> LookAsync(ToldOrder order, CancellationToken stop)
    {
        var until = TimeProvider.System.GetUtcNow() + longestLook;
        string? status = null;
        while (TimeProvider.System.GetUtcNow() < until && !stop.IsCancellationRequested)
        {
            var answer = await client.SendAsync(HttpMethod.Get, $"/api/v1/orders/{order.Id}");
            if (answer.IsDone)
            {
                ledger.Saw(answer.Body);
                status = (string)answer.Body["status"]!;
                if (status != "on_payment" || (string?)answer.Body["payment"]?["status"] is null or "declined")
                {
                    return status;
                }
            }
            else if (answer.Status == 404)
            {
                ledger.IsWrong($"order {order.Id} was told, and its buyer is told that there is none");
                return null;
            }

            await Task.Delay(TimeSpan.FromMilliseconds(300), CancellationToken.None);
        }

        return status;
    }
}
