using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;
using TicketBooth.BuildingBlocks.Kernel;

namespace TicketBooth.Dashboard.Downloads;

/// <summary>
/// Tables as spreadsheets of the reader's country open them (RFC 4180 but for the separator): where the comma is the decimal sign, the
/// semicolon separates cells. Every cell is quoted. UTF-8, with the byte order mark by which Excel recognises it.
/// </summary>
internal sealed partial class Csv(CultureInfo culture, TimeZoneInfo zone)
{
    private const int RowsBetweenFlushes = 500;

    private readonly char separator = culture.NumberFormat.NumberDecimalSeparator == "," ? ';' : ',';

    /// <summary>Streams the rows: the memory does not depend on their number.</summary>
    /// <param name="context">Of the request whose answer this is.</param>
    /// <param name="name">Of the file.</param>
    /// <param name="header">The names of the columns.</param>
    /// <param name="rows">As <see cref="Text"/>, <see cref="Number"/>, <see cref="Money"/> and <see cref="Time"/> made them.</param>
    /// <param name="cancellationToken">Ends the stream.</param>
    public async Task WriteAsync(
        HttpContext context,
        string name,
        IEnumerable<string> header,
        IAsyncEnumerable<string[]> rows,
        CancellationToken cancellationToken
    )
    {
        ArgumentNullException.ThrowIfNull(context);
        context.Response.ContentType = "text/csv; charset=utf-8";
        context.Response.Headers.ContentDisposition = $"attachment; filename=\"{name}\"";
        await using var writer = new StreamWriter(context.Response.Body, new UTF8Encoding(encoderShouldEmitUTF8Identifier: true));
        await writer.WriteAsync(Line(header.Select(Text)));
        var written = 0;
        await foreach (var row in rows.WithCancellation(cancellationToken))
        {
            await writer.WriteAsync(Line(row));
            if (++written % RowsBetweenFlushes == 0)
            {
                await writer.FlushAsync(cancellationToken);
            }
        }
    }

    /// <summary>What people typed. It never begins a formula, whatever separator and quotes the reader's program assumes.</summary>
    public static string Text(string? text) => Formula().Replace(text ?? "", "${before}'${sign}");

    public static string Number(long count) => count.ToString(CultureInfo.InvariantCulture);

    /// <summary>
    /// An amount with the decimal sign of the reader, and nothing that keeps a spreadsheet from adding it up. Empty while the currency is
    /// not known: a number without it would be taken for another amount.
    /// </summary>
    /// <param name="cents">Of the currency.</param>
    /// <param name="currency">ISO 4217; empty for one that is not known.</param>
    public string Money(long cents, string currency)
    {
        ArgumentNullException.ThrowIfNull(currency);
        return currency.Length == 0
            ? ""
            : Currencies
                .ToText(cents, currency, CultureInfo.InvariantCulture)
                .Replace(".", culture.NumberFormat.NumberDecimalSeparator, StringComparison.Ordinal);
    }

    /// <summary>In the zone of the settings, in the order in which every spreadsheet reads a date.</summary>
    public string Time(DateTimeOffset? time) =>
        time is { } at ? TimeZoneInfo.ConvertTime(at, zone).ToString("yyyy-MM-dd HH:mm:ss", CultureInfo.InvariantCulture) : "";

    private string Line(IEnumerable<string> cells) =>
        string.Join(separator, cells.Select(cell => "\"" + cell.Replace("\"", "\"\"", StringComparison.Ordinal) + "\"")) + "\r\n";

    // A sign that begins a formula (also in its full width, which spreadsheets take for the same): at the beginning of the cell, or after
    // what another program may take for the end of a cell. Blanks and quotes before it make no difference to a spreadsheet.
    [GeneratedRegex(
        """(?<before>(?:^|[;,|\t\r\n"'])[\s\p{C}"']*)(?<sign>[=+\-@\uFF1D\uFF0B\uFF0D\uFF20])""",
        RegexOptions.ExplicitCapture,
        matchTimeoutMilliseconds: 10_000
    )]
    private static partial Regex Formula();
}
