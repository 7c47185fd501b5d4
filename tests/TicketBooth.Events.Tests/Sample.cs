using TicketBooth.Booking.Contracts;
using TicketBooth.BuildingBlocks.Kernel;
using TicketBooth.Events.Contracts;
using TicketBooth.Events.Domain;

namespace TicketBooth.Events.Tests;

/// <summary>Events, forms and sales to start a test from.</summary>
internal static class Sample
{
    public static readonly DateTimeOffset Now = new(2026, 5, 1, 12, 0, 0, TimeSpan.Zero);

    public static TierForm Tier(string name = "Standard", long price = 10_000, int tickets = 10, Guid? id = null, long? floor = null, long? ceiling = null) =>
        new(id, name, price, tickets, floor, ceiling);

    public static EventForm Form(params TierForm[] tiers)
    {
        TierForm[] all = tiers.Length == 0 ? [Tier()] : tiers;
        return new EventForm(
            "Bossa Nova Night", "Grand Hall", "An evening.", Now.AddDays(30), null, Now.AddDays(29), Math.Max(1, all.Sum(tier => tier.Tickets)), null, false, all);
    }

    public static Event Draft(params TierForm[] tiers) => Event.Create(Form(tiers), Now);

    public static Event Published(params TierForm[] tiers) => Draft(tiers).Publish(Now).Value;

    public static EventForm FormOf(Event shown) => new(
        shown.Name, shown.Venue, shown.Description, shown.StartsAt, shown.PublishedAt, shown.EndsSellingAt, shown.Capacity, shown.Currency, shown.Large,
        [.. shown.Tiers.Select(tier => new TierForm(tier.Id, tier.Name, tier.Pricing.Base, tier.Released, tier.Pricing.Floor, tier.Pricing.Ceiling))])
    {
        RefundHoursBeforeStart = shown.Refunds.HoursBeforeStart,
        RefundFeePercent = shown.Refunds.FeePercent,
    };

    public static OrderedTicket Ticket(Event shown, int number)
    {
        var tier = shown.Tiers.Single(tier => tier.Has(number));
        return new OrderedTicket(TaggedId.Of(shown.Id, (ushort)number), number, tier.Id, tier.Price);
    }

    public static TicketUpdate Update(Event shown, Guid orderId, int revision, TicketState state, params int[] numbers) =>
        new(orderId, revision, shown.Id, state, [.. numbers.Select(number => Ticket(shown, number))], Now);

    /// <summary>Staff take the tickets from one number to another off sale.</summary>
    public static TicketBlockChanged Block(Event shown, TicketBlockKind kind, int first, int last) =>
        new(NewId(), 1, shown.Id, kind, IsReleased: false, [new NumberRange(first, last)], Now);

    public static TicketBlockChanged Released(TicketBlockChanged block) => block with { Revision = 2, IsReleased = true };

    public static Guid NewId() => Guid.CreateVersion7(Now);

}
