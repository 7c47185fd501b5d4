using System.Text;

namespace TicketBooth.LoadTests.Reports;

/// <summary>A table of Markdown with columns that stand below each other.</summary>
internal static class Table
{
    /// <param name="rows">The first one has the names of the columns; the first column is text, the others are figures.</param>
    public static string Of(IReadOnlyList<string[]> rows)
    {
        var widths = Enumerable.Range(0, rows[0].Length).Select(column => rows.Max(row => row[column].Length)).ToArray();
        var text = new StringBuilder();
        foreach (var row in rows)
        {
            text.AppendJoin(
                    " ",
                    row.Select((cell, column) => "| " + (column == 0 ? cell.PadRight(widths[column]) : cell.PadLeft(widths[column])))
                )
                .AppendLine(" |");
            if (ReferenceEquals(row, rows[0]))
            {
                text.AppendJoin(
                        " ",
                        widths.Select(
                            (width, column) => "| " + (column == 0 ? new string('-', width) : new string('-', Math.Max(1, width - 1)) + ":")
                        )
                    )
                    .AppendLine(" |");
            }
        }

        return text.ToString();
    }
}
