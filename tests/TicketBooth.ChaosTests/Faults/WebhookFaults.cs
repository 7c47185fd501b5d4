using TicketBooth.ChaosTests.Houses;

namespace TicketBooth.ChaosTests.Faults;

/// <summary>What the internet does to webhooks.</summary>
internal static class WebhookFaults
{
    public static IEnumerable<Fault> Of(WebhookRelay relay, FaultTimes times) =>
        [
            new("webhooks late", 1, dice => GoAsync(relay, WebhookWay.Late, times.Some(dice))),
            new("webhooks doubled", 1, dice => GoAsync(relay, WebhookWay.Doubled, times.Some(dice))),
            new("webhooks reordered", 1, dice => GoAsync(relay, WebhookWay.Reordered, times.Some(dice))),
            new("webhooks refused", 1, dice => GoAsync(relay, WebhookWay.Refused, times.Some(dice))),
        ];

    private static async Task GoAsync(WebhookRelay relay, WebhookWay way, TimeSpan time)
    {
        relay.Way = way;
        await Task.Delay(time);
        relay.Way = WebhookWay.Straight;
    }
}
