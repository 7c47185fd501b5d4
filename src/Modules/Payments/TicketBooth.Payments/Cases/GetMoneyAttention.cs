using FluentValidation;
using MediatR;
using TicketBooth.BuildingBlocks.Kernel;
using TicketBooth.Payments.Contracts;
using TicketBooth.Payments.Domain;
using TicketBooth.Payments.Storage;

namespace TicketBooth.Payments.Cases;

/// <summary>How much waits for staff.</summary>
internal static class GetMoneyAttention
{
    internal sealed class Validator : AbstractValidator<Contracts.GetMoneyAttention>;

    internal sealed class Handler(
        IMediator mediator,
        IReconciliationStore reconciliations,
        IEnumerable<IExpiringCertificate> certificates,
        TimeProvider clock
    )
        : IRequestHandler<Contracts.GetMoneyAttention, Result<MoneyAttention>>
    {
        public async Task<Result<MoneyAttention>> Handle(Contracts.GetMoneyAttention request, CancellationToken cancellationToken)
        {
            var open = await mediator.Send(new Contracts.ListMoneyCases(All: false, Cursor: null, Cursor.LargestLimit), cancellationToken);
            var last = await reconciliations.ListAsync(1);
            var now = clock.GetUtcNow();
            return open.Map(page => new MoneyAttention(page.Items.Count, page.NextCursor is not null, last.Count > 0 ? last[0] : null)
            {
                Certificates =
                [
                    .. certificates.Where(one => one.EndsSoon(now)).Select(one => new ExpiringCertificate(one.Setting, one.ExpiresAt)),
                ],
            });
        }
    }
}
