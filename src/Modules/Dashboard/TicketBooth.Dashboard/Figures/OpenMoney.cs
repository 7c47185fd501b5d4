using MediatR;
using TicketBooth.BuildingBlocks.Kernel;
using TicketBooth.Payments.Contracts;

namespace TicketBooth.Dashboard.Figures;

/// <summary>How much money waits for staff, as Payments says.</summary>
internal sealed class OpenMoney(IMediator mediator, IServiceProvider services, IOutageDetector outages)
{
    /// <summary>Null on a host without Payments, and while its store does not answer: the log and <c>/health</c> tell of that.</summary>
    public async Task<MoneyAttention?> FindAsync(CancellationToken cancellationToken)
    {
        if (services.GetService<IRequestHandler<GetMoneyAttention, Result<MoneyAttention>>>() is null)
        {
            return null;
        }

        try
        {
            return (await mediator.Send(new GetMoneyAttention(), cancellationToken)).Value;
        }
        catch (Exception failure) when (outages.IsOutage(failure))
        {
            return null;
        }
    }
}
