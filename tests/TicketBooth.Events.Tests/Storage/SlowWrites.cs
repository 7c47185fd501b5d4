using System.Reflection;
using Microsoft.Extensions.Time.Testing;
using MongoDB.Bson;
using MongoDB.Driver;
using MongoDB.Driver.Core.Clusters;
using MongoDB.Driver.Core.Connections;
using MongoDB.Driver.Core.Servers;

namespace TicketBooth.Events.Tests.Storage;

/// <summary>
/// A collection whose conditional writes wait as long as they may, so many times, and are then given up by the server. The server that
/// tests use ignores <c>maxTimeMS</c>.
/// </summary>
public class SlowWrites : DispatchProxy
{
    private IMongoCollection<BsonDocument> documents = null!;
    private FakeTimeProvider clock = null!;
    private int waits;

    /// <summary>How long each write might wait; null for as long as it likes.</summary>
    public List<TimeSpan?> Bounds { get; } = [];

    public static (IMongoCollection<BsonDocument> Documents, SlowWrites Slow) Over(
        IMongoCollection<BsonDocument> documents, FakeTimeProvider clock, int waits)
    {
        var made = Create<IMongoCollection<BsonDocument>, SlowWrites>();
        var slow = (SlowWrites)(object)made;
        (slow.documents, slow.clock, slow.waits) = (documents, clock, waits);
        return (made, slow);
    }

    protected override object? Invoke(MethodInfo? targetMethod, object?[]? args)
    {
        if (args?.OfType<FindOneAndUpdateOptions<BsonDocument, BsonDocument>>().SingleOrDefault() is { } options)
        {
            Bounds.Add(options.MaxTime);
            if (waits-- > 0)
            {
                clock.Advance(options.MaxTime ?? TimeSpan.FromHours(1));
                var server = new ServerId(new ClusterId(), new System.Net.DnsEndPoint("localhost", 27017));
                return Task.FromException<BsonDocument>(new MongoExecutionTimeoutException(new ConnectionId(server), "It waited too long."));
            }
        }

        return targetMethod!.Invoke(documents, BindingFlags.DoNotWrapExceptions, binder: null, args, culture: null);
    }
}
