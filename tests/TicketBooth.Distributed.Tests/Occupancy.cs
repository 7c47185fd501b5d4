namespace TicketBooth.Distributed.Tests;

/// <summary>
/// Counts what buyers have or ask for, and so tells whether a refusal for want of tickets can be true. It knows of an end only when a buyer has seen it, and
/// counts a request from before it is sent: so it never counts too few, and a refusal that it calls wrong is wrong.
/// </summary>
internal sealed class Occupancy(int tickets)
{
    private readonly Lock gate = new();
    private readonly HashSet<Request> waiting = [];
    private int wanted;

    /// <summary>A request is about to be sent.</summary>
    public Request Ask(int quantity)
    {
        lock (gate)
        {
            wanted += quantity;
            foreach (var other in waiting)
            {
                other.Others = Math.Max(other.Others, wanted - other.Quantity);
            }

            var request = new Request(quantity) { Others = wanted - quantity };
            waiting.Add(request);
            return request;
        }
    }

    public void Grant(Request request)
    {
        lock (gate)
        {
            waiting.Remove(request);
        }
    }

    /// <returns>Whether there was a moment since it was sent at which others could have had too many of the tickets.</returns>
    public bool Refuse(Request request)
    {
        lock (gate)
        {
            waiting.Remove(request);
            wanted -= request.Quantity;
            return request.Others + request.Quantity > tickets;
        }
    }

    /// <summary>A buyer has seen that an order no longer has its tickets.</summary>
    public void End(int quantity)
    {
        lock (gate)
        {
            wanted -= quantity;
        }
    }

    internal sealed class Request(int quantity)
    {
        public int Quantity => quantity;

        /// <summary>The most that others had or asked for at one moment since this was sent.</summary>
        public int Others { get; set; }
    }
}
