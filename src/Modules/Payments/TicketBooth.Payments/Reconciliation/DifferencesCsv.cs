using System.Globalization;
using System.Text;
using System.Text.Json;
using TicketBooth.Payments.Contracts;

namespace TicketBooth.Payments.Reconciliation;

/// <summary>Differences as CSV for programs (RFC 4180): every cell quoted, amounts in the currency's smallest unit, times UTC.</summary>
internal static class DifferencesCsv
{
    private static readonly string[] Columns =
    [
        "gateway",
        "kind",
        "movement",
        "id",
        "external_id",
        "payment_id",
        "order_id",
        "their_amount",
        "their_currency",
        "our_amount",
        "our_currency",
        "at",
        "note",
    ];

    public static string Of(ReconciliationReport report)
    {
        var text = new StringBuilder(Line(Columns));
        foreach (var line in report.Lines)
        {
            text.Append(
                Line([
                    line.Gateway,
                    Word(line.Kind),
                    Word(line.Movement),
                    line.Id,
                    line.ExternalId ?? "",
                    line.PaymentId?.ToString() ?? "",
                    line.OrderId?.ToString() ?? "",
                    line.Theirs?.Amount.ToString(CultureInfo.InvariantCulture) ?? "",
                    line.Theirs?.Currency ?? "",
                    line.Ours?.Amount.ToString(CultureInfo.InvariantCulture) ?? "",
                    line.Ours?.Currency ?? "",
                    line.At.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture),
                    Word(line.Note),
                ])
            );
        }

        return text.ToString();
    }

    private static string Line(IEnumerable<string> cells) =>
        string.Join(',', cells.Select(cell => "\"" + Harmless(cell).Replace("\"", "\"\"", StringComparison.Ordinal) + "\"")) + "\r\n";

    private static string Word<T>(T value)
        where T : struct, Enum => JsonNamingPolicy.SnakeCaseLower.ConvertName(value.ToString());

    // An id that begins like this is no id of ours; a spreadsheet would calculate it.
    private static string Harmless(string cell) => cell is ['=' or '+' or '-' or '@', ..] ? "'" + cell : cell;
}
