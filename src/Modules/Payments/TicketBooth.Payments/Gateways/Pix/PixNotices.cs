using TicketBooth.Payments.Ledger;

namespace TicketBooth.Payments.Gateways.Pix;

/// <summary>Records what the provider's API says of money that somebody told us about.</summary>
internal sealed class PixNotices(PixReader reader, PaymentLedger ledger)
{
    private const int SideBySide = 4;

    /// <summary>False when the API did not confirm some of it, or not yet; the rest is recorded all the same.</summary>
    public async Task<bool> RecordAsync(IReadOnlyList<string> endToEndIds, CancellationToken cancellationToken)
    {
        var unconfirmed = 0;
        await Parallel.ForEachAsync(
            endToEndIds,
            new ParallelOptions { MaxDegreeOfParallelism = SideBySide, CancellationToken = cancellationToken },
            async (id, ct) =>
            {
                if (!await RecordAsync(id, ct))
                {
                    Interlocked.Increment(ref unconfirmed);
                }
            }
        );
        return unconfirmed == 0;
    }

    private async Task<bool> RecordAsync(string endToEndId, CancellationToken cancellationToken)
    {
        if ((await reader.PixAsync(endToEndId, cancellationToken)).Value is not { } pix || pix.EndToEndId != endToEndId)
        {
            return false;
        }

        // Money for another key of the account is somebody else's.
        foreach (var notice in reader.IsOurs(pix) ? PixFacts.NoticesOf(pix) : [])
        {
            await ledger.RecordAsync(notice);
        }

        return true;
    }
}
