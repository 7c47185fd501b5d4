using System.Collections.Concurrent;
using TicketBooth.ChaosTests.Loads;
using TicketBooth.ChaosTests.Telling;

namespace TicketBooth.ChaosTests.Checking;

/// <summary>At rest: what the API says of each order, event and ticket that was told, beside the stores.</summary>
internal static class ApiCheck
{
    private const int AtOnce = 8;
    private const int MostCodes = 100;
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(1);

    public static async Task<IReadOnlyList<string>> RunAsync(Client staff, ToldFacts told, Stored stored)
    {
        var wrong = new ConcurrentQueue<string>();
        var orders = stored.Orders.DistinctBy(order => order.Id).ToDictionary(order => order.Id);
        // What is not stored has been found already.
        await Parallel.ForEachAsync(
            told.Orders.Keys.Where(orders.ContainsKey),
            new ParallelOptions { MaxDegreeOfParallelism = AtOnce },
            async (id, _) =>
            {
                var answer = await AskAsync(HttpMethod.Get, $"/api/v1/orders/{id}", null);
                if (!answer.IsDone)
                {
                    wrong.Enqueue($"order {id} was told, and the API says {answer}");
                }
                else if (
                    (string?)answer.Body["status"] != orders[id].Status
                    || (long)answer.Body["total"]! != orders[id].Total
                    || (long)answer.Body["returned"]! != orders[id].Returned
                )
                {
                    wrong.Enqueue($"order {id} is stored as {orders[id].Status}, and the API says {answer}");
                }
            }
        );
        foreach (var its in told.Events.Values)
        {
            var held = stored.Orders.Where(order => order.EventId == its.Id).SelectMany(order => order.Held).Count();
            var sold = stored.Orders.Where(order => order.EventId == its.Id && order.Status == "paid").SelectMany(order => order.Held).Count();
            var answer = await AskAsync(HttpMethod.Get, $"/api/v1/events/{its.Id}", null);
            if (!answer.IsDone || (its.IsCanceled && (string?)answer.Body["status"] != "canceled"))
            {
                wrong.Enqueue($"event {its.Id} was made{(its.IsCanceled ? " and canceled" : "")}, and the API says {answer}");
            }
            else if ((string?)answer.Body["status"] == "published" && (int)answer.Body["available"]! != its.Tickets - held)
            {
                wrong.Enqueue($"event {its.Id} has {its.Tickets - held} tickets left, and the API says {answer.Body["available"]}");
            }

            var shown = await AskAsync(HttpMethod.Get, $"/api/v1/dashboard/events/{its.Id}", null);
            if (!shown.IsDone || (long)shown.Body["sold"]! != sold || (long)shown.Body["onPayment"]! != held - sold)
            {
                wrong.Enqueue($"of event {its.Id} {sold} are sold and {held - sold} held, and the dashboard says {shown.Body["sold"]} and {shown.Body["onPayment"]}");
            }
        }

        foreach (var (code, ticketId) in told.Admitted.Take(MostCodes))
        {
            var answer = await AskAsync(HttpMethod.Post, "/api/v1/checkins", new { scanId = Guid.NewGuid(), code });
            if ((string?)answer.Body["outcome"] is not ("already_admitted" or "void"))
            {
                wrong.Enqueue($"ticket {ticketId} was let in, and another scan is answered {answer}");
            }
        }

        return [.. wrong];

        // A 503 says nothing about what is asked. One that stays has to come to an end.
        async Task<Answer> AskAsync(HttpMethod method, string path, object? body)
        {
            using var patience = new CancellationTokenSource(Patience);
            try
            {
                return await staff.UntilAnsweredAsync(method, path, body, patience.Token);
            }
            catch (OperationCanceledException) when (patience.IsCancellationRequested)
            {
                return new Answer(Status: null, []);
            }
        }
    }
}
