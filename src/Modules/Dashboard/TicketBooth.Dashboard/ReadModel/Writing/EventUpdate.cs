using TicketBooth.Events.Contracts;

namespace TicketBooth.Dashboard.ReadModel.Writing;

/// <summary>A published event as the Events module has it now.</summary>
/// <param name="IsLedger">Read from the ledger while no message could be applied: it replaces the row.</param>
internal sealed record EventUpdate(EventFacts Facts, bool IsLedger = false) : ReadModelUpdate
{
    public EventRow ToRow() =>
        new()
        {
            Id = Facts.Id,
            Version = Facts.Version,
            IsCanceled = Facts.IsCanceled,
            Name = Facts.Name,
            Venue = Facts.Venue,
            StartsAt = Facts.StartsAt,
            SaleOpensAt = Facts.PublishedAt!.Value,
            SaleClosesAt = Facts.EndsSellingAt,
            Currency = Facts.Currency,
            Capacity = Facts.Capacity,
            Tiers =
            [
                .. Facts.Tiers.Select(tier => new TierLine(tier.Id, tier.Name, tier.Price, tier.Released - tier.OffSale, tier.OffSale)),
            ],
            Released = Facts.Tiers.Sum(tier => tier.Released - tier.OffSale),
        };
}
