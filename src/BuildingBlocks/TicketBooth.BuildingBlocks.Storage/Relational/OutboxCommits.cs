using System.Data.Common;
using Microsoft.EntityFrameworkCore.Diagnostics;

namespace TicketBooth.BuildingBlocks.Storage.Relational;

/// <summary>Tells an outbox of every commit of its module's context, so that no caller can forget to.</summary>
internal sealed class OutboxCommits(RelationalOutbox outbox) : DbTransactionInterceptor
{
    public override Task TransactionCommittedAsync(
        DbTransaction transaction,
        TransactionEndEventData eventData,
        CancellationToken cancellationToken = default
    )
    {
        outbox.Committed(transaction);
        return Task.CompletedTask;
    }
}
