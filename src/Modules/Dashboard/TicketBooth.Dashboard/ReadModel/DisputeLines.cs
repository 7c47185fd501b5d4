using TicketBooth.Booking.Contracts;

namespace TicketBooth.Dashboard.ReadModel;

/// <summary>A dispute of an order's money, as the read model keeps it.</summary>
/// <param name="Id">The gateway's.</param>
/// <param name="Amount">Cents.</param>
/// <param name="At">When it became known.</param>
/// <param name="Revision">Of the last message about it; of two words about one dispute the higher counts.</param>
internal sealed record DisputeLine(string Id, long Amount, OrderDisputeState State, DateTimeOffset At, int Revision);

/// <summary>The disputes of an order.</summary>
internal static class DisputeLines
{
    public static IReadOnlyList<DisputeLine> Of(OrderDisputed message) =>
        [new DisputeLine(message.DisputeId, message.Amount, message.State, message.OpenedAt, message.Revision)];

    public static IReadOnlyList<DisputeLine>? Of(OrderFacts facts) =>
        facts.Disputes.Count == 0
            ? null
            :
            [
                .. facts
                    .Disputes.Select(dispute => new DisputeLine(dispute.Id, dispute.Amount, dispute.State, dispute.At, dispute.Revision))
                    .OrderBy(line => line.At)
                    .ThenBy(line => line.Id, StringComparer.Ordinal),
            ];

    /// <summary>Both, each dispute once and as it was told last; the first when the second adds nothing.</summary>
    public static IReadOnlyList<DisputeLine>? With(this IReadOnlyList<DisputeLine>? known, IReadOnlyList<DisputeLine>? told)
    {
        DisputeLine[] news =
        [
            .. (told ?? []).Where(line => known?.Any(other => other.Id == line.Id && other.Revision >= line.Revision) != true),
        ];
        return news.Length == 0
            ? known
            :
            [
                .. (known ?? [])
                    .ExceptBy(news.Select(line => line.Id), line => line.Id, StringComparer.Ordinal)
                    .Concat(news)
                    .OrderBy(line => line.At)
                    .ThenBy(line => line.Id, StringComparer.Ordinal),
            ];
    }

    /// <summary>Since when a bank disputes money of the order and has not decided; null when none does.</summary>
    public static DateTimeOffset? OpenSince(this IReadOnlyList<DisputeLine>? disputes) =>
        disputes?.Where(line => line.State == OrderDisputeState.Opened).Min(line => (DateTimeOffset?)line.At);

    /// <summary>The dispute that matters most: one that is open, or else one that was lost; null when the order has none.</summary>
    public static OrderDisputeState? Worst(this IReadOnlyList<DisputeLine>? disputes) =>
        disputes is null ? null
        : disputes.Any(line => line.State == OrderDisputeState.Opened) ? OrderDisputeState.Opened
        : disputes.Any(line => line.State == OrderDisputeState.Lost) ? OrderDisputeState.Lost
        : OrderDisputeState.Won;
}
