using System.Globalization;
using System.Text;
using TicketBooth.Events.Contracts;
using TicketBooth.Events.Domain.Pricing;
using TicketBooth.Events.Pricing;

namespace TicketBooth.Events.Tests.Pricing;

/// <summary>A month of a sale in a moment: buyers answer to the price, the price to the buyers. The paths are kept in PricePaths.approved.txt, for people to look at.</summary>
[TestFixture]
internal sealed class PricePathTests
{
    private const string Approved = "Pricing/PricePaths.approved.txt";
    private const int Days = 30;
    private const int Tickets = 200;
    private const long Base = 10_000;

    private static readonly PricingPolicy Rising = new(PricingMode.Demand);
    private static readonly PricingPolicy Free = Rising with { AllowFalling = true };

    [Test]
    public void The_paths_of_a_month_are_the_approved_ones()
    {
        var paths = new StringBuilder()
            .AppendLine("Simulated months (PricePathTests): 200 tickets at 100.00 for 30 days, the default policy. Of the buyers who come, exp(-(price/base - 1) / 0.35) buy:")
            .AppendLine("half of them at 25 % more, a quarter at 50 % more. Most come in the evening. Pace and the pace that sells out by the close are in tickets per day.");
        foreach (var show in Shows())
        {
            paths.AppendLine().Append(show.Play());
        }

        var received = paths.ToString().ReplaceLineEndings("\n");
        // The copy beside the tests: a compiler that maps source paths, as in CI, does not know where this file lies.
        var approved = File.ReadAllText(Path.Combine(AppContext.BaseDirectory, Approved));
        if (received != approved)
        {
            var other = Path.Combine(TestContext.CurrentContext.WorkDirectory, "PricePaths.received.txt");
            File.WriteAllText(other, received);
            Assert.That(received.Split('\n'), Is.EqualTo(approved.Split('\n')).AsCollection, $"If this is better: cp {other} tests/TicketBooth.Events.Tests/{Approved}");
        }
    }

    private static IEnumerable<Show> Shows()
    {
        // Buyers a day at the base price, by day.
        yield return new Show("A hot show: 520 would come at the base price, four of five in the first five days", Rising, day => day < 5 ? 83 : 4.2);
        yield return new Show("The same hot show, at prices that may fall", Free, day => day < 5 ? 83 : 4.2);
        yield return new Show("A cold show: 2 buyers a day", Rising, _ => 2);
        yield return new Show("The same cold show, at prices that may fall", Free, _ => 2);
        yield return new Show("A late rush: 3 buyers a day, 30 a day in the last week", Rising, day => day < 23 ? 3 : 30);
        yield return new Show("The same late rush, at prices that may fall", Free, day => day < 23 ? 3 : 30);
    }

    /// <param name="BuyersADay">How many would buy at the base price, by day.</param>
    private sealed record Show(string Name, PricingPolicy Policy, Func<int, double> BuyersADay)
    {
        private const double Sensitivity = 0.35;

        private static readonly DateTimeOffset Opens = new(2026, 5, 1, 0, 0, 0, TimeSpan.Zero);

        public string Play()
        {
            var table = new StringBuilder().AppendLine(Name).AppendLine(" day  taken  pace  sells out   low     high    close  moves  why the last move");
            var tier = new TierDemand
            {
                Base = Base,
                Price = Base,
                Released = Tickets,
                Held = 0,
                Sold = 0,
                TakenInWindow = 0,
                SaleOpensAt = Opens,
                SaleClosesAt = Opens.AddDays(Days),
                Now = Opens,
            };
            var sales = new Queue<DateTimeOffset>();
            var (waiting, fixedWaiting, revenue, fixedSold) = (0.0, 0.0, 0L, 0);
            for (var day = 0; day < Days; day++)
            {
                var (low, high, moves, last) = (tier.Price, tier.Price, 0, (PriceReasons?)null);
                var seen = PriceEngine.Decide(Policy, tier).Reasons;
                for (var minute = 0; minute < 1_440; minute++)
                {
                    tier = tier with { Now = Opens.AddDays(day).AddMinutes(minute) };
                    var come = BuyersADay(day) * Evening(minute) / 1_440;
                    waiting += come * Math.Exp(-((tier.Price / (double)Base) - 1) / Sensitivity);
                    fixedWaiting += come;
                    for (; waiting >= 1; waiting--)
                    {
                        if (tier.Available > 0)
                        {
                            tier = tier with { Sold = tier.Sold + 1 };
                            revenue += tier.Price;
                            sales.Enqueue(tier.Now);
                        }
                    }

                    for (; fixedWaiting >= 1; fixedWaiting--)
                    {
                        fixedSold = Math.Min(Tickets, fixedSold + 1);
                    }

                    while (sales.TryPeek(out var oldest) && oldest <= tier.Now.AddMinutes(-Policy.WindowMinutes))
                    {
                        sales.Dequeue();
                    }

                    tier = tier with { TakenInWindow = sales.Count };
                    var decision = PriceEngine.Decide(Policy, tier);
                    seen = decision.Reasons;
                    if (decision.IsChange)
                    {
                        (low, high, moves, last) = (Math.Min(low, decision.Price), Math.Max(high, decision.Price), moves + 1, decision.Reasons);
                        tier = tier.After(decision);
                    }
                }

                var why = last is null ? "" : PriceWords.Explain(last);
                var sellOut = seen.MinutesLeft < 1_440 ? "-" : (seen.SellOutPacePerHour * 24).ToString("0.0", CultureInfo.InvariantCulture);
                var row = FormattableString.Invariant(
                    $"{day + 1,4} {tier.Sold,6} {seen.PacePerHour * 24,5:0} {sellOut,10} {Money(low)} {Money(high)} {Money(tier.Price)} {moves,6}  {why}");
                table.AppendLine(row.TrimEnd());
                if (tier.Available == 0)
                {
                    break;
                }
            }

            return table
                .AppendLine(CultureInfo.InvariantCulture, $" Sold {tier.Sold} for {revenue / 100m:0}; at the base price it had been {fixedSold} for {fixedSold * Base / 100}.")
                .ToString();
        }

        /// <summary>How many come in this minute of the day, where 1 is the average: none at eight in the morning, twice as many at eight in the evening.</summary>
        private static double Evening(int minute) => 1 - Math.Cos((minute - 480) * Math.Tau / 1_440);

        private static string Money(long cents) => (cents / 100m).ToString("0.00", CultureInfo.InvariantCulture).PadLeft(7);
    }
}
