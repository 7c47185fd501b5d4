using MediatR;
using TicketBooth.Booking.Contracts;
using TicketBooth.BuildingBlocks.Kernel;

namespace TicketBooth.Dashboard.Figures;

/// <summary>How many clerks have a shift open, as Booking says.</summary>
internal sealed class OpenShifts(IMediator mediator, IServiceProvider services, IOutageDetector outages)
{
    /// <summary>Null on a host without Booking, and while its store does not answer: the log and <c>/health</c> tell of that.</summary>
    public async Task<int?> CountAsync(CancellationToken cancellationToken)
    {
        if (services.GetService<IRequestHandler<CountOpenShifts, Result<int>>>() is null)
        {
            return null;
        }

        try
        {
            return (await mediator.Send(new CountOpenShifts(), cancellationToken).WaitAsync(OpenMoney.Patience, cancellationToken)).Value;
        }
        catch (TimeoutException)
        {
            return null;
        }
        catch (Exception failure) when (outages.IsOutage(failure))
        {
            return null;
        }
    }
}
