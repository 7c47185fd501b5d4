using System.Text.RegularExpressions;
using Stripe;
using TicketBooth.Payments.Gateways.Stripe;
using TicketBooth.Testing;

namespace TicketBooth.Payments.Tests.Gateways;

/// <summary>What docs/production.md tells people to register at Stripe is what the product reads.</summary>
[TestFixture]
internal sealed partial class ProductionPageTests
{
    private static readonly string Page = System.IO.File.ReadAllText(Path.Combine(SourceTree.Root, "docs", "production.md"));

    [Test]
    public void Its_events_are_those_that_are_read() =>
        Assert.That(EventType().Matches(Page).Select(match => match.Groups["type"].Value), Is.EquivalentTo(StripeNotices.Types));

    [Test]
    public void Its_version_of_the_API_is_the_one_that_is_read() => Assert.That(Page, Does.Contain($"API version: `{StripeConfiguration.ApiVersion}`"));

    [GeneratedRegex(@"^ +(?<type>(payment_intent|charge|refund)\.[a-z_.]+)$", RegexOptions.Multiline | RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1_000)]
    private static partial Regex EventType();
}
