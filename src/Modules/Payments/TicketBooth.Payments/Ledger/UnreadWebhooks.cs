using System.Diagnostics.Metrics;
using TicketBooth.Payments.Storage;

namespace TicketBooth.Payments.Ledger;

/// <summary>Keeps verified webhooks whose type we do not know, and counts them: a gateway may have begun to tell something new.</summary>
internal sealed class UnreadWebhooks(IMoneyStore store, IMeterFactory meters, TimeProvider clock)
{
    private readonly Counter<long> unread = meters
        .Create("TicketBooth.Payments")
        .CreateCounter<long>("ticketbooth.payments.webhooks.unread", description: "Verified webhooks of a type that we do not know.");

    public async Task KeepAsync(string gateway, string id, string type, string body)
    {
        await store.AddUnreadAsync(new UnreadWebhook(gateway, id, type, body, clock.GetUtcNow()));
        unread.Add(1, new KeyValuePair<string, object?>("gateway", gateway));
    }
}
