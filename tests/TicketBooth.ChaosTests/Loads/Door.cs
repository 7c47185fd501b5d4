using System.Collections.Concurrent;

namespace TicketBooth.ChaosTests.Loads;

/// <summary>The codes that people bring to the door.</summary>
internal sealed class Door
{
    private readonly ConcurrentQueue<(string Code, Guid TicketId)> waiting = new();

    public void Bring(IEnumerable<(string Code, Guid TicketId)> tickets)
    {
        foreach (var ticket in tickets)
        {
            waiting.Enqueue(ticket);
        }
    }

    public bool TryNext(out (string Code, Guid TicketId) ticket) => waiting.TryDequeue(out ticket);
}
