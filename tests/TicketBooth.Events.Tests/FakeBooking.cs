using MediatR;
using TicketBooth.Booking.Contracts;
using TicketBooth.BuildingBlocks.Kernel;

namespace TicketBooth.Events.Tests;

/// <summary>Stands for Booking's settings: a move by more than a day opens a window of two weeks.</summary>
internal sealed class FakeBooking : IRequestHandler<GetPostponementRule, Result<PostponementRule>>
{
    public static readonly PostponementRule Rule = new(TimeSpan.FromHours(24), TimeSpan.FromDays(14));

    public Task<Result<PostponementRule>> Handle(GetPostponementRule request, CancellationToken cancellationToken) => Task.FromResult<Result<PostponementRule>>(Rule);
}
