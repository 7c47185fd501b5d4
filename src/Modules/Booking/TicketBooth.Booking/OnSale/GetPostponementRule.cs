using MediatR;
using Microsoft.Extensions.Options;
using TicketBooth.Booking.Contracts;
using TicketBooth.BuildingBlocks.Kernel;
using Query = TicketBooth.Booking.Contracts.GetPostponementRule;

namespace TicketBooth.Booking.OnSale;

/// <summary>Tells Events what the settings say of postponed shows.</summary>
internal static class GetPostponementRule
{
    internal sealed class Handler(IOptions<BookingOptions> options) : IRequestHandler<Query, Result<PostponementRule>>
    {
        public Task<Result<PostponementRule>> Handle(Query request, CancellationToken cancellationToken) =>
            Task.FromResult(
                Result<PostponementRule>.From(
                    new PostponementRule(
                        TimeSpan.FromHours(options.Value.PostponedAfterHours),
                        TimeSpan.FromDays(options.Value.PostponedRefundDays)
                    )
                )
            );
    }
}
