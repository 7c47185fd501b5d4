using MongoDB.Bson;

namespace TicketBooth.BuildingBlocks.Storage.Mongo;

/// <summary>
/// The batches of documents that a process inserts with their first messages, numbered from 1. All messages up to a number are delivered,
/// so one write of that number acknowledges any number of documents.
/// </summary>
internal sealed class InsertSeries(BsonObjectId id, long begunAt)
{
    private readonly Lock turn = new();
    private readonly SortedSet<long> underWay = [];
    private long last;

    public BsonObjectId Id => id;

    /// <summary>A time stamp.</summary>
    public long BegunAt => begunAt;

    /// <summary>All batches up to this number are delivered.</summary>
    public long Delivered
    {
        get
        {
            lock (turn)
            {
                return underWay.Count > 0 ? underWay.Min - 1 : last;
            }
        }
    }

    public long Begin()
    {
        lock (turn)
        {
            underWay.Add(++last);
            return last;
        }
    }

    /// <summary>Everything that came of the batch is delivered.</summary>
    public void End(long number)
    {
        lock (turn)
        {
            underWay.Remove(number);
        }
    }
}
