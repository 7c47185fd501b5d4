using TicketBooth.Booking.Storage;
using TicketBooth.BuildingBlocks.Kernel;

namespace TicketBooth.Booking.Orders;

/// <summary>Deletes the reservations of idempotency keys that no longer count.</summary>
internal sealed class ForgetIdempotencyKeysWorker(IBookingDirectory directory, WorkServices services)
    : PeriodicWork(new WorkSchedule(TimeSpan.FromHours(1)) { StartsAtOnce = true }, services)
{
    protected override Task RunRoundAsync(CancellationToken cancellationToken) =>
        directory.ForgetKeysAsync(Clock.GetUtcNow() - IdempotentRequests.Remembered);
}
