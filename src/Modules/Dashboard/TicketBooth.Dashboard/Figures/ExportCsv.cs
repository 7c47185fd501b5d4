using System.Globalization;
using System.Runtime.CompilerServices;
using System.Text;
using MediatR;
using Microsoft.EntityFrameworkCore;
using TicketBooth.BuildingBlocks.Web;
using TicketBooth.Dashboard.ReadModel;
using TicketBooth.Dashboard.Shell;

namespace TicketBooth.Dashboard.Figures;

/// <summary>Orders and sales as CSV (RFC 4180, UTF-8), streamed: the memory does not depend on the number of rows.</summary>
internal static class ExportCsv
{
    private const int RowsBetweenFlushes = 500;

    internal static void Map(IEndpointRouteBuilder routes)
    {
        routes.MapGet(PageArea.Path + "/orders.csv", OrdersAsync).RequireAuthorization(Policies.Staff).ExcludeFromDescription();
        routes.MapGet(PageArea.Path + "/sales.csv", SalesAsync).RequireAuthorization(Policies.Staff).ExcludeFromDescription();
    }

    private static async Task<IResult> OrdersAsync(
        HttpContext context,
        DashboardDbContext db,
        IMediator mediator,
        OrderFilter filter,
        TimeProvider clock,
        [AsParameters] OrderFilter.Wanted wanted,
        CancellationToken cancellationToken
    )
    {
        if (new OrderFilter.Rules().Validate(wanted) is { IsValid: false })
        {
            return TypedResults.UnprocessableEntity();
        }

        var currencies = await db.Events.ToDictionaryAsync(shown => shown.Id, shown => (shown.Name, shown.Currency), cancellationToken);
        var orders = await filter.NarrowAsync(wanted, cancellationToken);
        await WriteAsync(
            context,
            FormattableString.Invariant($"orders-{clock.GetUtcNow():yyyy-MM-dd}.csv"),
            ["order", "event", "event name", "buyer", "e-mail", "status", "tickets", "total", "currency", "placed", "paid", "ended"],
            WithBuyersAsync(
                orders.OrderBy(order => order.PlacedAt).ThenBy(order => order.Id).AsAsyncEnumerable(),
                mediator,
                cancellationToken
            ),
            row =>
            {
                var (order, buyer) = row;
                var (name, currency) = currencies.GetValueOrDefault(order.EventId);
                return
                [
                    order.Id.ToString(),
                    order.EventId.ToString(),
                    name ?? "",
                    order.BuyerId.ToString(),
                    buyer?.Email ?? "",
                    StatusNames.Of(order.Status),
                    Number(order.Tickets.Count),
                    Money(order.Total),
                    currency ?? "",
                    Time(order.PlacedAt),
                    Time(order.PaidAt),
                    Time(order.EndedAt),
                ];
            },
            cancellationToken
        );
        return TypedResults.Empty;
    }

    private static async IAsyncEnumerable<(OrderRow Order, BuyerView? Buyer)> WithBuyersAsync(
        IAsyncEnumerable<OrderRow> orders,
        IMediator mediator,
        [EnumeratorCancellation] CancellationToken cancellationToken
    )
    {
        await foreach (var some in orders.Chunk(RowsBetweenFlushes).WithCancellation(cancellationToken))
        {
            var buyers = await mediator.BuyersAsync(some.Select(order => order.BuyerId), cancellationToken);
            foreach (var order in some)
            {
                yield return (order, buyers.GetValueOrDefault(order.BuyerId));
            }
        }
    }

    private static async Task SalesAsync(
        HttpContext context,
        DashboardDbContext db,
        TimeProvider clock,
        Guid? eventId,
        CancellationToken cancellationToken
    )
    {
        var events = await db.Events.ToDictionaryAsync(shown => shown.Id, cancellationToken);
        var sales = db.Sales.Where(row =>
            row.Span == SalesSpan.Day && row.TierId != Guid.Empty && (eventId == null || row.EventId == eventId)
        );
        await WriteAsync(
            context,
            FormattableString.Invariant($"sales-{clock.GetUtcNow():yyyy-MM-dd}.csv"),
            ["day", "event", "event name", "tier", "tickets sold", "tickets refunded", "revenue", "refunded", "currency"],
            sales.OrderBy(row => row.At).ThenBy(row => row.EventId).ThenBy(row => row.TierId).AsAsyncEnumerable(),
            row =>
            {
                var shown = events.GetValueOrDefault(row.EventId);
                return
                [
                    DateOnly.FromDayNumber((int)row.At).ToString("yyyy-MM-dd", CultureInfo.InvariantCulture),
                    row.EventId.ToString(),
                    shown?.Name ?? "",
                    shown?.Tiers.FirstOrDefault(tier => tier.Id == row.TierId)?.Name ?? "",
                    Number(row.Figures.Sold),
                    Number(row.Figures.Refunded),
                    Money(row.Figures.Revenue),
                    Money(row.Figures.Returned),
                    shown?.Currency ?? "",
                ];
            },
            cancellationToken
        );
    }

    private static async Task WriteAsync<T>(
        HttpContext context,
        string name,
        string[] header,
        IAsyncEnumerable<T> rows,
        Func<T, string[]> cells,
        CancellationToken cancellationToken
    )
    {
        context.Response.ContentType = "text/csv; charset=utf-8";
        context.Response.Headers.ContentDisposition = $"attachment; filename=\"{name}\"";

        // With the byte order mark by which spreadsheets recognise UTF-8.
        await using var writer = new StreamWriter(context.Response.Body, new UTF8Encoding(encoderShouldEmitUTF8Identifier: true));
        await writer.WriteAsync(Line(header));
        var written = 0;
        await foreach (var row in rows.WithCancellation(cancellationToken))
        {
            await writer.WriteAsync(Line(cells(row)));
            if (++written % RowsBetweenFlushes == 0)
            {
                await writer.FlushAsync(cancellationToken);
            }
        }
    }

    private static string Line(string[] cells) => string.Join(',', cells.Select(Cell)) + "\r\n";

    private static string Cell(string text)
    {
        // A spreadsheet runs what begins like a formula, and people type event names.
        var tame = text is ['=' or '+' or '-' or '@' or '\t' or '\r', ..] ? "'" + text : text;
        return tame.AsSpan().IndexOfAny(",\"\r\n") < 0 ? tame : "\"" + tame.Replace("\"", "\"\"", StringComparison.Ordinal) + "\"";
    }

    private static string Number(long count) => count.ToString(CultureInfo.InvariantCulture);

    private static string Money(long cents) => (cents / 100m).ToString("0.00", CultureInfo.InvariantCulture);

    private static string Time(DateTimeOffset? time) =>
        time?.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture) ?? "";
}
