using System.Text.Json.Nodes;
using TicketBooth.BuildingBlocks.Kernel;
using TicketBooth.ChaosTests.Telling;
using TicketBooth.Testing;

namespace TicketBooth.ChaosTests.Loads;

/// <summary>An event on sale. Its tickets are numbered from 1, and their ids follow from its own.</summary>
internal sealed record Show(Guid Id, IReadOnlyList<Guid> TierIds, int Tickets)
{
    public Guid Ticket(int number) => TaggedId.Of(Id, (ushort)number);
}

/// <summary>The events that are on sale now; staff replace what is sold out or canceled.</summary>
internal sealed class EventBook(Ledger ledger, int tickets)
{
    private const int ThirtyDaysInMinutes = 30 * 24 * 60;

    private volatile IReadOnlyList<Show> onSale = [];
    private int made;

    public IReadOnlyList<Show> OnSale => onSale;

    /// <summary>Makes and publishes an event, whatever happens meanwhile.</summary>
    public async Task<Show> OpenAsync(Client admin, CancellationToken stop)
    {
        var body = TicketBoothApi.EventBody(tickets, name: FormattableString.Invariant($"Night {++made}"), large: made % 4 == 0);
        // A clock that goes back, or on, must neither close the sale nor the door.
        var now = TimeProvider.System.GetUtcNow();
        body["publishedAt"] = now.AddDays(-2);
        body["startsAt"] = now.AddDays(25);
        body["endsSellingAt"] = now.AddDays(24);
        var half = tickets / 2;
        body["tiers"] = new JsonArray(
            new JsonObject { ["name"] = "Front", ["price"] = 20_000, ["tickets"] = half },
            new JsonObject { ["name"] = "Back", ["price"] = 8_000, ["tickets"] = tickets - half }
        );
        var draft = (await admin.UntilDoneAsync(HttpMethod.Post, "/api/v1/events", body, stop, Guid.NewGuid().ToString())).Body;
        var show = new Show((Guid)draft["id"]!, [.. draft["tiers"]!.AsArray().Select(tier => (Guid)tier!["id"]!)], tickets);
        ledger.Made(new ToldEvent(show.Id, tickets));
        await admin.UntilDoneAsync(HttpMethod.Post, $"/api/v1/events/{show.Id}/publish", null, stop);
        await admin.UntilDoneAsync(HttpMethod.Put, $"/api/v1/events/{show.Id}/door-rules", new { opensMinutesBefore = ThirtyDaysInMinutes }, stop);
        onSale = [.. onSale, show];
        return show;
    }

    public void Close(Show show) => onSale = [.. onSale.Where(other => other.Id != show.Id)];
}
