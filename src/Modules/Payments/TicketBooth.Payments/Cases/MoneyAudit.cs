using TicketBooth.BuildingBlocks.Kernel;
using TicketBooth.Payments.Domain;
using TicketBooth.Payments.Storage;

namespace TicketBooth.Payments.Cases;

/// <summary>
/// What the record of money says by itself: <see cref="MoneyFaults"/>, and that what waits for a person or for the gateway is found by
/// those who look for it. Lists come from indexes; a case that no index has is seen by nobody.
/// </summary>
internal sealed class MoneyAudit(IPaymentStore store, IMoneyStore money)
{
    private const int PageSize = 1_000;

    private readonly List<Guid> unseen = [];
    private readonly List<Guid> unasked = [];
    private HashSet<Guid> cases = [];
    private HashSet<Guid> due = [];

    /// <summary>Before the first page.</summary>
    public async Task BeginAsync() => (cases, due) = (await ListCasesAsync(), await ListDueAsync());

    public void Check(IReadOnlyList<StoredPayment> page, InvariantReport report)
    {
        foreach (var (payment, _) in page)
        {
            foreach (var (promise, text) in MoneyFaults.Of(payment))
            {
                report.Violation(promise, text);
            }

            if (MoneyCases.IsOpen(payment) == true && !cases.Contains(payment.Id))
            {
                unseen.Add(payment.Id);
            }

            if (payment.AwaitsRefund && !due.Contains(payment.Id))
            {
                unasked.Add(payment.Id);
            }
        }
    }

    /// <summary>After the last page: what is in no list now and still should be, and unmatched money.</summary>
    public async Task EndAsync(InvariantReport report)
    {
        if (unseen.Count + unasked.Count > 0)
        {
            // A host that is serving may have stored them behind the lists.
            await BeginAsync();
        }

        foreach (var id in unseen.Where(id => !cases.Contains(id)))
        {
            if (await store.FindAsync(id) is { } payment && MoneyCases.IsOpen(payment) == true)
            {
                report.Violation("I5", $"Money of payment {id} waits for a person, and no list shows it.");
            }
        }

        foreach (var id in unasked.Where(id => !due.Contains(id)))
        {
            if (await store.FindAsync(id) is { AwaitsRefund: true })
            {
                report.Violation("I5", $"A refund of payment {id} is under way, and nobody asks the gateway for it.");
            }
        }

        await CheckUnmatchedAsync(report);
    }

    private async Task CheckUnmatchedAsync(InvariantReport report)
    {
        var open = (await ListUnmatchedAsync(openOnly: true)).ToDictionary(one => one.Id);
        foreach (var one in await ListUnmatchedAsync(openOnly: false))
        {
            foreach (var (promise, text) in MoneyFaults.Of(one))
            {
                report.Violation(promise, text);
            }

            if (MoneyCases.IsOpen(one) && !open.ContainsKey(one.Id) && await money.FindAsync(one.Id) == one)
            {
                report.Violation("I5", $"Unmatched money {one.CaptureId} of {one.Gateway} waits for a person, and no list shows it.");
            }

            if (one is { Amount: > 0, PaymentId: { } paymentId } && await store.FindAsync(paymentId) is not null)
            {
                report.Violation("I5", $"Unmatched money {one.CaptureId} of {one.Gateway} is that of payment {paymentId}.");
            }
        }

        report.Count("I5", "unmatched money that waits for a person", open.Count);
    }

    private async Task<HashSet<Guid>> ListCasesAsync()
    {
        HashSet<Guid> found = [];
        Guid? before = null;
        IReadOnlyList<Payment> page;
        do
        {
            page = await store.ListCasesAsync(openOnly: true, before, PageSize);
            found.UnionWith(page.Select(payment => payment.Id));
            before = page.Count > 0 ? page[^1].Id : before;
        } while (page.Count == PageSize);

        return found;
    }

    private async Task<HashSet<Guid>> ListDueAsync()
    {
        HashSet<Guid> found = [];
        var after = Guid.Empty;
        IReadOnlyList<Guid> page;
        do
        {
            page = await store.ListAwaitingRefundAsync(after, PageSize);
            found.UnionWith(page);
            after = page.Count > 0 ? page[^1] : after;
        } while (page.Count == PageSize);

        return found;
    }

    private async Task<List<UnmatchedMoney>> ListUnmatchedAsync(bool openOnly)
    {
        List<UnmatchedMoney> found = [];
        var after = Guid.Empty;
        IReadOnlyList<UnmatchedMoney> page;
        do
        {
            page = await money.ListAsync(openOnly, after, PageSize);
            found.AddRange(page);
            after = page.Count > 0 ? page[^1].Id : after;
        } while (page.Count == PageSize);

        return found;
    }
}
