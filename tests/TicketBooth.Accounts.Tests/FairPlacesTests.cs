using TicketBooth.Accounts.SigningIn;

namespace TicketBooth.Accounts.Tests;

internal sealed class FairPlacesTests
{
    [Test]
    public async Task Clients_take_turns_whatever_number_of_requests_each_has()
    {
        var places = new FairPlaces(places: 1, longestQueue: 100, longestQueueOfClient: 50);
        await places.EnterAsync("many", CancellationToken.None);
        var order = new List<string>();
        var requests = new[] { "many", "many", "many", "few", "one", "few" }.Select(client => (client, Entered: places.EnterAsync(client, CancellationToken.None))).ToList();

        while (requests.Count > 0)
        {
            places.Leave();
            await Task.WhenAny(requests.Select(request => request.Entered));
            var next = requests.First(request => request.Entered.IsCompleted);
            Assert.That(await next.Entered);
            order.Add(next.client);
            requests.Remove(next);
        }

        Assert.That(order, Is.EqualTo(["many", "few", "one", "many", "few", "many"]));
    }

    [Test]
    public async Task Whoever_has_most_makes_room_when_the_queue_is_full()
    {
        var places = new FairPlaces(places: 1, longestQueue: 4, longestQueueOfClient: 4);
        await places.EnterAsync("many", CancellationToken.None);
        var many = Enumerable.Range(0, 4).Select(_ => places.EnterAsync("many", CancellationToken.None)).ToList();

        var tooMuch = await places.EnterAsync("many", CancellationToken.None);
        var one = places.EnterAsync("one", CancellationToken.None);

        Assert.That(tooMuch, Is.False);
        Assert.That(await many[3], Is.False, "turned away for somebody who has nothing yet");
        places.Leave();
        Assert.That(await many[0], Is.True);
        places.Leave();
        Assert.That(await one, Is.True);
    }

    [Test]
    public async Task Who_leaves_the_queue_takes_no_place()
    {
        var places = new FairPlaces(places: 1, longestQueue: 2, longestQueueOfClient: 2);
        await places.EnterAsync("a", CancellationToken.None);
        using var patience = new CancellationTokenSource();
        var left = places.EnterAsync("b", patience.Token);
        await patience.CancelAsync();
        Assert.That(async () => await left, Throws.InstanceOf<OperationCanceledException>());

        var again = places.EnterAsync("b", CancellationToken.None);
        var full = places.EnterAsync("c", CancellationToken.None);
        places.Leave();
        Assert.That(await again, Is.True);
        places.Leave();
        Assert.That(await full, Is.True);
        places.Leave();

        Assert.That(await places.EnterAsync("d", CancellationToken.None), Is.True, "the place is free again");
    }
}
