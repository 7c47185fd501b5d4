namespace TicketBooth.Dashboard.ReadModel;

/// <summary>The key of a row of sums of the doors.</summary>
internal readonly record struct DoorKey(Guid EventId, long At);

/// <summary>
/// By how much the sums of the doors change when passages change. What a ticket adds is a pure function of all of its passages, in
/// whatever order their messages came.
/// </summary>
internal sealed class DoorChanges
{
    /// <summary>The length of a step of the sums.</summary>
    public const int StepMinutes = 5;

    private const long Step = StepMinutes * TimeSpan.TicksPerMinute;

    private readonly Dictionary<DoorKey, DoorSums> sums = [];

    /// <summary>The change of each sum; that of some may be <see cref="DoorSums.None"/>.</summary>
    public IReadOnlyDictionary<DoorKey, DoorSums> Sums => sums;

    /// <summary>The sums of passages, of which none was counted before.</summary>
    public static IReadOnlyDictionary<DoorKey, DoorSums> Of(IEnumerable<PassageRow> passages)
    {
        var all = new DoorChanges();
        foreach (var ofTicket in passages.GroupBy(passage => passage.TicketId))
        {
            all.Add([], [.. ofTicket]);
        }

        return all.sums;
    }

    /// <summary>The passages of one ticket changed.</summary>
    public void Add(IReadOnlyCollection<PassageRow> before, IReadOnlyCollection<PassageRow> after)
    {
        foreach (var (key, part) in PartsOf(before))
        {
            sums[key] = sums.GetValueOrDefault(key, DoorSums.None) - part;
        }

        foreach (var (key, part) in PartsOf(after))
        {
            sums[key] = sums.GetValueOrDefault(key, DoorSums.None) + part;
        }
    }

    private static IEnumerable<(DoorKey Key, DoorSums Part)> PartsOf(IReadOnlyCollection<PassageRow> ofTicket)
    {
        var counted = ofTicket.Where(passage => !passage.IsUndone).ToList();
        if (counted.Count == 0)
        {
            yield break;
        }

        foreach (var passage in counted)
        {
            var part = passage.IsEntry ? new DoorSums { Entries = 1 } : new DoorSums { Exits = 1 };
            var at = passage.ScannedAt.UtcTicks;
            yield return (new DoorKey(passage.EventId, at - (at % Step)), part);
            yield return (new DoorKey(passage.EventId, 0), part);
        }

        var last = counted.MaxBy(passage => (passage.CodeGeneration, passage.Turn))!;
        yield return (new DoorKey(last.EventId, 0), new DoorSums { Came = 1, Inside = last.IsEntry ? 1 : 0 });
    }
}
