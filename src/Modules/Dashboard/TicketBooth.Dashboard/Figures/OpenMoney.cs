using MediatR;
using TicketBooth.BuildingBlocks.Kernel;
using TicketBooth.Payments.Contracts;

namespace TicketBooth.Dashboard.Figures;

/// <summary>How much money waits for staff, as Payments says.</summary>
internal sealed class OpenMoney(IMediator mediator, IServiceProvider services, IOutageDetector outages)
{
    /// <summary>How long a page waits for a figure that it can do without.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(1.5);

    private Task<MoneyAttention?>? finding;

    /// <summary>Null on a host without Payments, and while its store does not answer: the log and <c>/health</c> tell of that.</summary>
    /// <remarks>A page asks more than once, and its store is asked once.</remarks>
    public async Task<MoneyAttention?> FindAsync(CancellationToken cancellationToken)
    {
        finding ??= FindNowAsync(cancellationToken);
        await ((Task)finding).WaitAsync(Patience, cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        return finding.IsCompleted ? await finding : null;
    }

    private async Task<MoneyAttention?> FindNowAsync(CancellationToken cancellationToken)
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
