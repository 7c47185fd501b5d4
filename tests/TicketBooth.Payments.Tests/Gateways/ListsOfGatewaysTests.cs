using TicketBooth.Payments.Gateways;

namespace TicketBooth.Payments.Tests.Gateways;

/// <summary>What gateways list of a period: all pages, each movement in one period, whatever zone a time is written in.</summary>
[TestFixture]
internal sealed class ListsOfGatewaysTests
{
    private const int MoreThanTwoPages = 205;

    private static readonly TimeSpan SaoPaulo = TimeSpan.FromHours(-3);

    [Test]
    public async Task Stripe_lists_all_pages_once()
    {
        var clock = new StandingClock(new DateTimeOffset(2026, 3, 1, 12, 0, 0, TimeSpan.Zero));
        await using var account = await StripeAccount.StartAsync(clock);
        for (var i = 1; i <= MoreThanTwoPages; i++)
        {
            account.Console.PayUnknown(i, "brl");
            clock.Now += TimeSpan.FromSeconds(1);
        }

        var listed = await ListAsync(account.NewCustomer(), clock.Now.AddHours(-1), clock.Now);

        Assert.That(listed.Select(movement => movement.Amount), Is.EqualTo(Enumerable.Range(1, MoreThanTwoPages).Select(i => (long)i)), "the oldest first");
    }

    [Test]
    public async Task At_Stripe_the_beginning_belongs_to_a_period_and_its_end_to_the_next()
    {
        var border = new DateTimeOffset(2026, 3, 2, 3, 0, 0, TimeSpan.Zero);
        var clock = new StandingClock(border.AddSeconds(-1));
        await using var account = await StripeAccount.StartAsync(clock);
        var gateway = account.NewCustomer();
        account.Console.PayUnknown(100, "brl");
        clock.Now = border;
        account.Console.PayUnknown(200, "brl");
        clock.Now = border.AddDays(1);
        account.Console.PayUnknown(300, "brl");

        using (Assert.EnterMultipleScope())
        {
            Assert.That(await AmountsAsync(gateway, border.AddDays(-1), border), Is.EqualTo(new[] { 100L }));
            Assert.That(await AmountsAsync(gateway, border, border.AddDays(1)), Is.EqualTo(new[] { 200L }));
            Assert.That(await AmountsAsync(gateway, border.ToOffset(SaoPaulo), border.AddDays(1).ToOffset(SaoPaulo)), Is.EqualTo(new[] { 200L }), "midnight in São Paulo");
            Assert.That(await AmountsAsync(gateway, border.AddTicks(1), border.AddDays(1).AddTicks(1)), Is.EqualTo(new[] { 300L }), "within a second");
            Assert.That(await AmountsAsync(gateway, border.AddTicks(-1), border.AddTicks(1)), Is.EqualTo(new[] { 200L }));
        }
    }

    [Test]
    public async Task Times_of_Stripes_list_are_UTC()
    {
        var at = new DateTimeOffset(2026, 3, 1, 23, 30, 0, SaoPaulo);
        var clock = new StandingClock(at);
        await using var account = await StripeAccount.StartAsync(clock);
        account.Console.PayUnknown(100, "brl");

        var movement = (await ListAsync(account.NewCustomer(), at.AddMinutes(-1), at.AddMinutes(1))).Single();

        Assert.That((movement.At, movement.At.Offset), Is.EqualTo((at, TimeSpan.Zero)));
    }

    [Test]
    public async Task Pix_lists_all_pages_once()
    {
        await using var provider = await PixProvider.StartAsync();
        var from = provider.StandIn.Clock.GetUtcNow();
        for (var i = 1; i <= MoreThanTwoPages; i++)
        {
            provider.StandIn.Payer.Pay(new() { Cents = i });
        }

        var listed = await ListAsync(CustomerOf(provider), from.AddSeconds(-1), provider.StandIn.Clock.GetUtcNow().AddSeconds(1));

        Assert.That(listed.Select(movement => movement.Amount), Is.EquivalentTo(Enumerable.Range(1, MoreThanTwoPages).Select(i => (long)i)));
        Assert.That(listed.Select(movement => movement.Id), Is.Unique);
    }

    [Test]
    public async Task At_Pix_each_payment_belongs_to_one_of_two_periods_that_meet_at_its_time_and_to_no_other()
    {
        await using var provider = await PixProvider.StartAsync();
        var gateway = CustomerOf(provider);
        var pix = provider.StandIn.Payer.Pay(new() { Cents = 100 });
        var at = (await ListAsync(gateway, DateTimeOffset.MinValue, DateTimeOffset.MaxValue)).Single().At;

        using (Assert.EnterMultipleScope())
        {
            Assert.That(at, Is.EqualTo(pix.At).Within(TimeSpan.FromMilliseconds(1)));
            Assert.That(await AmountsAsync(gateway, at.AddDays(-1), at), Is.Empty, "its time ends the period");
            Assert.That(await AmountsAsync(gateway, at, at.AddDays(1)), Is.EqualTo(new[] { 100L }), "its time begins the period");
            Assert.That(await AmountsAsync(gateway, at.ToOffset(SaoPaulo), at.AddMinutes(1).ToOffset(SaoPaulo)), Is.EqualTo(new[] { 100L }), "asked in another zone");
            Assert.That(await AmountsAsync(gateway, at.AddTicks(1), at.AddDays(1)), Is.Empty);
        }
    }

    [Test]
    public async Task At_Pix_a_longer_time_than_one_question_may_span_is_listed_without_gaps_and_without_repeats()
    {
        await using var provider = await PixProvider.StartAsync();
        var gateway = CustomerOf(provider);
        var end = provider.StandIn.Clock.GetUtcNow();
        foreach (var days in new[] { 75, 60, 45, 30, 15, 1 })
        {
            provider.StandIn.Clock.Set(end.AddDays(-days));
            provider.StandIn.Payer.Pay(new() { Cents = days });
        }

        provider.StandIn.Clock.Set(end);

        // Windows of 30 days begin at the beginning: the payments of 60 and 30 days ago are at their borders.
        Assert.That(await AmountsAsync(gateway, end.AddDays(-90), end), Is.EquivalentTo(new[] { 75L, 60L, 45L, 30L, 15L, 1L }));
    }

    private static IPaymentGateway CustomerOf(PixProvider provider) => provider.NewCustomer(provider.StandIn.Clock);

    private static async Task<IReadOnlyList<GatewayMovement>> ListAsync(IPaymentGateway gateway, DateTimeOffset from, DateTimeOffset to) =>
        await gateway.ListAsync(from, to, CancellationToken.None).ToListAsync();

    private static async Task<IReadOnlyList<long>> AmountsAsync(IPaymentGateway gateway, DateTimeOffset from, DateTimeOffset to) =>
        [.. (await ListAsync(gateway, from, to)).Select(movement => movement.Amount)];

    /// <summary>Time that a test sets; timers run by the machine's clock.</summary>
    private sealed class StandingClock(DateTimeOffset now) : TimeProvider
    {
        public DateTimeOffset Now { get; set; } = now;

        public override DateTimeOffset GetUtcNow() => Now.ToUniversalTime();
    }
}
