using TicketBooth.Events.Contracts;
using TicketBooth.Events.Domain;
using TicketBooth.Events.Domain.Pricing;
using TicketBooth.Events.Storage;

namespace TicketBooth.Events.Tests.Storage;

/// <summary>The stored form of causes and policies: what was written once must be readable for ever.</summary>
[TestFixture]
internal sealed class PricingJsonTests
{
    private const string Cause =
        """
        {"reason":"demand","figures":{"shareTaken":0.3,"taken":12,"minutes":59.5,"available":88,"minutesLeft":90,"target":1250,"from":0,"to":500,"limits":"step, max_increase"
        """;

    private static readonly PriceCause Demand = new(
        PriceChangeReason.Demand, Figures: new PriceReasons(0.3, 12, 59.5, 88, 90, 1_250, 0, 500, PriceLimits.Step | PriceLimits.MaxIncrease));

    [Test]
    public void A_cause_is_written_as_it_always_was() => Assert.That(PricingJson.Write(Demand), Does.StartWith(Cause));

    [Test]
    public void A_stored_cause_is_read() => Assert.That(PricingJson.Read<PriceCause>(Cause + "}}"), Is.EqualTo(Demand));
}
