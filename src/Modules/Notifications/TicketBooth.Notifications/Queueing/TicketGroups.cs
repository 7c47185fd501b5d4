using System.Text.Json;
using System.Text.Json.Serialization;
using TicketBooth.Booking.Contracts;
using TicketBooth.Notifications.Storage;

namespace TicketBooth.Notifications.Queueing;

/// <summary>An order's tickets as its row has them, as JSON by code that is generated.</summary>
[JsonSourceGenerationOptions(JsonSerializerDefaults.Web)]
[JsonSerializable(typeof(TicketGroup[]))]
internal sealed partial class TicketGroups : JsonSerializerContext
{
    public static string Of(IReadOnlyList<OrderedTicket> tickets)
    {
        ArgumentNullException.ThrowIfNull(tickets);
        return JsonSerializer.Serialize(AreAlike(tickets) ? [GroupOf(tickets)] : Group(tickets), Default.TicketGroupArray);
    }

    /// <summary>As nearly all orders are.</summary>
    private static bool AreAlike(IReadOnlyList<OrderedTicket> tickets)
    {
        for (var i = 1; i < tickets.Count; i++)
        {
            if (tickets[i].TierId != tickets[0].TierId || tickets[i].Price != tickets[0].Price)
            {
                return false;
            }
        }

        return tickets.Count > 0;
    }

    private static TicketGroup[] Group(IReadOnlyList<OrderedTicket> tickets) =>
        [.. tickets.GroupBy(ticket => (ticket.TierId, ticket.Price)).Select(same => GroupOf([.. same]))];

    private static TicketGroup GroupOf(IReadOnlyList<OrderedTicket> tickets)
    {
        var numbers = new int[tickets.Count];
        for (var i = 0; i < numbers.Length; i++)
        {
            numbers[i] = tickets[i].Number;
        }

        Array.Sort(numbers);
        return new TicketGroup(tickets[0].TierId, tickets[0].Price, numbers);
    }
}
