using System.Collections.Concurrent;
using System.Security.Cryptography;
using System.Text.Json;
using TicketBooth.Admissions.Codes;
using TicketBooth.Admissions.Domain;
using TicketBooth.Admissions.Storage;

namespace TicketBooth.Admissions.CheckIns;

/// <summary>The state of a door as a scanner loads it. Made once a second at most, however many scanners ask.</summary>
internal sealed class DoorStates(ITicketStore tickets, IDoorStore door, EventKeys keys, TimeProvider clock)
{
    private const int NumbersAtOnce = 1_000;
    private const int MostConflicts = 100;
    private const int MostRemembered = 100;

    private static readonly TimeSpan Remembered = TimeSpan.FromSeconds(1);

    private readonly ConcurrentDictionary<Guid, DoorState> remembered = new();

    /// <summary>Null for an event that does not exist.</summary>
    public async Task<DoorState?> FindAsync(Guid eventId, CancellationToken cancellationToken)
    {
        if (remembered.TryGetValue(eventId, out var known) && clock.GetElapsedTime(known.MadeAt) < Remembered)
        {
            return known;
        }

        var madeAt = clock.GetTimestamp();
        if (await keys.EnsureAsync(eventId, cancellationToken) is not { } show)
        {
            return null;
        }

        var json = JsonSerializer.SerializeToUtf8Bytes(await ViewAsync(show), CheckInJson.Default.DoorView);
        var state = new DoorState(json, $"\"{Convert.ToHexStringLower(SHA256.HashData(json))[..16]}\"", madeAt);
        if (remembered.Count >= MostRemembered)
        {
            remembered.Clear();
        }

        remembered[eventId] = state;
        return state;
    }

    private async Task<DoorView> ViewAsync(DoorEvent show)
    {
        var passages = (await door.LastPassagesAsync(show.Id)).ToDictionary(last => (last.Number, last.Generation), last => last.Turn);
        var (revocations, inTransfer, inside, left) = (new List<Revocation>(), new List<int>(), new List<int>(), new List<int>());
        var live = 0;
        for (var after = 0; await tickets.OfEventAsync(show.Id, after, NumbersAtOnce) is { Count: > 0 } page; after = page[^1].Number)
        {
            foreach (var ofNumber in page.GroupBy(ticket => ticket.Number))
            {
                var valid = IssueRules.Live(ofNumber);

                // While a ticket is offered to somebody, its code opens no door: a scanner that knows of revocations alone must see that.
                var below = valid is { TransferId: null } ? valid.Generation : IssueRules.NextGeneration(ofNumber);
                if (valid is { TransferId: not null })
                {
                    inTransfer.Add(ofNumber.Key);
                }

                if (below > 1)
                {
                    revocations.Add(new Revocation(ofNumber.Key, below));
                }

                live += valid is null ? 0 : 1;
                var turns = valid is null ? 0 : passages.GetValueOrDefault((valid.Number, valid.Generation));
                if (turns > 0)
                {
                    (CheckInRules.IsInside(turns) ? inside : left).Add(ofNumber.Key);
                }
            }
        }

        return new DoorView(
            show.Id,
            show.Name,
            show.Venue,
            show.StartsAt,
            show.OpensAt,
            show.ClosesAt,
            show.RulesNow.ReEntry,
            show.IsCanceled,
            Convert.ToBase64String(show.PublicKey!),
            revocations,
            inTransfer,
            inside,
            left,
            new DoorCounts(live, inside.Count, left.Count, live - inside.Count - left.Count),
            await ConflictsAsync(show.Id)
        );
    }

    private async Task<IReadOnlyList<DoorConflict>> ConflictsAsync(Guid eventId)
    {
        var conflicts = new List<DoorConflict>();
        foreach (var scan in await door.ConflictsAsync(eventId, MostConflicts))
        {
            var previous = scan.PreviousId is { } id ? await door.FindScanAsync(id) : null;
            conflicts.Add(
                new DoorConflict(scan.Id, scan.Code?.Number ?? 0, scan.Outcome, scan.ScannedAt, scan.By.Name, CheckInAnswers.Of(previous))
            );
        }

        return conflicts;
    }
}

/// <param name="Json">UTF-8.</param>
/// <param name="MadeAt">By the clock's timestamps.</param>
internal sealed record DoorState(byte[] Json, string ETag, long MadeAt);
