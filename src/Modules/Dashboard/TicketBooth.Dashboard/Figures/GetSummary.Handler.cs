using MediatR;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using TicketBooth.BuildingBlocks.Kernel;
using TicketBooth.BuildingBlocks.Messaging.DeadLetters;
using TicketBooth.BuildingBlocks.Storage.Backups;
using TicketBooth.Dashboard.ReadModel;

namespace TicketBooth.Dashboard.Figures;

internal static partial class GetSummary
{
    private const int MostEvents = 500;
    private const int ChartMinutes = 60;
    private const int ChartDays = 30;

    internal sealed class Handler(
        DashboardDbContext db,
        IDeadLetters deadLetters,
        OpenMoney openMoney,
        OpenShifts openShifts,
        BackupStatus backups,
        DashboardZone zone,
        IOptions<DashboardOptions> options,
        TimeProvider clock
    ) : IRequestHandler<Query, Result<Summary>>
    {
        public async Task<Result<Summary>> Handle(Query request, CancellationToken cancellationToken)
        {
            var now = clock.GetUtcNow();

            // Read before the figures: figures that are newer than their version are only read again, older ones would be missed.
            var version = await db.VersionAsync(cancellationToken);
            var today = (await OfDayAsync(Contributions.DayOf(now, zone.Zone), cancellationToken)).ToDictionary(
                sales => sales.EventId,
                sales => sales.Figures
            );
            var events = await EventsAsync(now, today.Keys, cancellationToken);
            var ids = events.Select(shown => shown.Id).ToList();
            var ever = await db
                .Sales.Where(sales => sales.Span == SalesSpan.Ever && sales.TierId == Guid.Empty && ids.Contains(sales.EventId))
                .ToDictionaryAsync(sales => sales.EventId, sales => sales.Figures, cancellationToken);
            var lines = events.ConvertAll(shown =>
                LineOf(
                    shown,
                    ever.GetValueOrDefault(shown.Id, SalesFigures.None),
                    today.GetValueOrDefault(shown.Id, SalesFigures.None),
                    now
                )
            );
            var minutes = await MinutesAsync(now, cancellationToken);
            var whole = today.Values.Aggregate(SalesFigures.None, (sum, figures) => sum + figures);
            return new Summary(
                version,
                now,
                Period.Of(whole),
                MoneyOf(events, today),
                ever.Values.Sum(figures => Math.Max(0, figures.OnPayment)),
                PaceOf(minutes, now),
                whole.Conversion,
                minutes,
                await DaysAsync(now, cancellationToken),
                lines,
                await AttentionAsync(now, lines.Count(line => line.IsNearlySoldOut), cancellationToken)
            )
            {
                CounterSoldToday = whole.CounterSold,
                CounterOrdersToday = whole.CounterOrders,
                ComplimentaryToday = whole.Complimentary,
                OpenShifts = await openShifts.CountAsync(cancellationToken),
            };
        }

        private static List<MoneyLine> MoneyOf(List<EventRow> events, Dictionary<Guid, SalesFigures> today) =>
            [
                .. events
                    .GroupBy(shown => shown.Currency, StringComparer.Ordinal)
                    .Select(same =>
                        (
                            Currency: same.Key,
                            Figures: same.Aggregate(SalesFigures.None, (sum, shown) =>
                                sum + today.GetValueOrDefault(shown.Id, SalesFigures.None)
                            )
                        )
                    )
                    .OrderBy(line => line.Currency, StringComparer.Ordinal) // amounts of two currencies cannot be compared
                    .Select(line => new MoneyLine(line.Currency, line.Figures.Revenue, line.Figures.Returned)
                    {
                        CounterRevenue = line.Figures.CounterRevenue,
                    }),
            ];

        private static double PaceOf(IReadOnlyList<MinuteLine> minutes, DateTimeOffset now)
        {
            const int Window = 5;
            var end = new DateTimeOffset(Contributions.MinuteOf(now), TimeSpan.Zero);
            return minutes.Where(minute => minute.At < end && minute.At >= end.AddMinutes(-Window)).Sum(minute => minute.OrdersPlaced)
                / (double)Window;
        }

        private EventLine LineOf(EventRow shown, SalesFigures ever, SalesFigures today, DateTimeOffset now)
        {
            var onPayment = Math.Max(0, ever.OnPayment);
            var taken = ever.NetSold + onPayment;
            return new EventLine(
                shown.Id,
                shown.Name,
                shown.Venue,
                shown.StartsAt,
                shown.SaleClosesAt,
                shown.IsCanceled,
                shown.Currency,
                shown.Released,
                onPayment,
                ever.NetSold,
                ever.NetRevenue,
                today.NetSold,
                today.NetRevenue,
                !shown.IsCanceled
                    && now < shown.SaleClosesAt
                    && taken < shown.Released
                    && taken * 100 >= shown.Released * (long)options.Value.NearlySoldOutPercent
            )
            {
                CounterSold = ever.CounterSold,
                Complimentary = ever.Complimentary,
            };
        }

        private Task<List<SalesRow>> OfDayAsync(long day, CancellationToken cancellationToken) =>
            db
                .Sales.Where(sales => sales.Span == SalesSpan.Day && sales.At == day && sales.TierId == Guid.Empty)
                .ToListAsync(cancellationToken);

        private Task<List<EventRow>> EventsAsync(DateTimeOffset now, IEnumerable<Guid> sellingToday, CancellationToken cancellationToken)
        {
            var selling = sellingToday.ToList();
            return db
                .Events.Where(shown =>
                    (!shown.IsCanceled && (shown.StartsAt > now || shown.SaleClosesAt > now)) || selling.Contains(shown.Id)
                )
                .OrderBy(shown => shown.StartsAt)
                .Take(MostEvents)
                .ToListAsync(cancellationToken);
        }

        private async Task<List<MinuteLine>> MinutesAsync(DateTimeOffset now, CancellationToken cancellationToken)
        {
            var from = Contributions.MinuteOf(now.AddMinutes(1 - ChartMinutes));
            var sums = await db
                .Sales.Where(sales => sales.Span == SalesSpan.Minute && sales.At >= from && sales.TierId == Guid.Empty)
                .GroupBy(sales => sales.At)
                .Select(minute => new
                {
                    At = minute.Key,
                    Placed = minute.Sum(sales => sales.Figures.OrdersPlaced),
                    Paid = minute.Sum(sales => sales.Figures.OrdersPaid),
                })
                .OrderBy(minute => minute.At)
                .ToListAsync(cancellationToken);
            return sums.ConvertAll(minute => new MinuteLine(new DateTimeOffset(minute.At, TimeSpan.Zero), minute.Placed, minute.Paid));
        }

        private async Task<List<DayLine>> DaysAsync(DateTimeOffset now, CancellationToken cancellationToken)
        {
            var from = Contributions.DayOf(now, zone.Zone) + 1 - ChartDays;
            var sums = await db
                .Sales.Where(sales => sales.Span == SalesSpan.Day && sales.At >= from && sales.TierId == Guid.Empty)
                .GroupBy(sales => sales.At)
                .Select(day => new
                {
                    At = day.Key,
                    Placed = day.Sum(sales => sales.Figures.OrdersPlaced),
                    Paid = day.Sum(sales => sales.Figures.OrdersPaid),
                })
                .OrderBy(day => day.At)
                .ToListAsync(cancellationToken);
            return sums.ConvertAll(day => new DayLine(DateOnly.FromDayNumber((int)day.At), day.Placed, day.Paid));
        }

        private async Task<Attention> AttentionAsync(DateTimeOffset now, int nearlySoldOut, CancellationToken cancellationToken)
        {
            var latest = await db
                .Runs.Where(run => run.Kind == RunKind.Reconciliation && run.EndedAt != null)
                .OrderByDescending(run => run.StartedAt)
                .Select(run => (long?)run.Differences)
                .FirstOrDefaultAsync(cancellationToken);
            var money = await openMoney.FindAsync(cancellationToken);
            return new Attention(
                await deadLetters.CountAsync(),
                await db.Payments.InNeedOf(PaymentNeed.StuckPayment, now, options.Value).CountAsync(cancellationToken),
                await db.Payments.InNeedOf(PaymentNeed.RefundDue, now, options.Value).CountAsync(cancellationToken),
                latest,
                nearlySoldOut
            )
            {
                Disputes = await db.Orders.Disputed().CountAsync(cancellationToken),
                MoneyCases = money?.OpenCases ?? 0,
                GatewayDifferences = money?.Last is { } last
                    ? last.Differences + last.Gateways.Count(gateway => gateway.Failure is not null)
                    : null,
                ExpiringCertificates = money?.Certificates.Count ?? 0,
                FailedBackups = backups.Failure is null ? 0 : 1,
                Violations = (await db.Runs.LatestPassAsync(cancellationToken))?.Differences ?? 0,
            };
        }
    }
}
