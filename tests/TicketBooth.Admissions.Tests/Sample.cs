using TicketBooth.Admissions.Domain;
using TicketBooth.BuildingBlocks.Kernel;

namespace TicketBooth.Admissions.Tests;

internal static class Sample
{
    public static readonly DateTimeOffset Now = new(2026, 3, 1, 20, 0, 0, TimeSpan.Zero);

    public static readonly Actor Clerk = new(Guid.CreateVersion7(Now), "Dora");

    public static Guid NewEvent() => TaggedId.NewBase(Now);

    public static OrderTickets Paid(Guid eventId, Guid orderId, int revision, params int[] numbers) => Order(eventId, orderId, revision, isPaid: true, numbers);

    public static OrderTickets Refunded(Guid eventId, Guid orderId, int revision, params int[] numbers) => Order(eventId, orderId, revision, isPaid: false, numbers);

    public static DoorEvent Show(Guid eventId, DateTimeOffset? startsAt = null) =>
        new(eventId, 1, "Bossa Nova Night", "Grand Hall", startsAt ?? Now.AddHours(1), "BRL", IsCanceled: false, [new DoorTier(Guid.CreateVersion7(Now), "Stalls")]);

    public static Scan Scan(TicketCode code, int? turn, Direction direction = Direction.In, Guid? id = null, CheckInOutcome? outcome = null) =>
        new(
            id ?? Guid.CreateVersion7(), code, direction, outcome ?? (direction == Direction.In ? CheckInOutcome.Admitted : CheckInOutcome.Left), Now, Now.AddSeconds(1), Clerk,
            IsOffline: false)
        {
            Turn = turn,
            OrderId = Guid.CreateVersion7(Now),
            TierId = Guid.CreateVersion7(Now),
        };

    private static OrderTickets Order(Guid eventId, Guid orderId, int revision, bool isPaid, int[] numbers) =>
        new(orderId, revision, eventId, BuyerOf(orderId), isPaid, "BRL", [.. numbers.Select(number => new OrderTicket(number, eventId, 42_000, IsReleased: !isPaid))]);

    /// <summary>Any, but always the same.</summary>
    public static Guid BuyerOf(Guid orderId) => TaggedId.Of(orderId, 1);
}
