using System.Globalization;
using System.Text;
using Microsoft.AspNetCore.Http;
using TicketBooth.Dashboard.Downloads;

namespace TicketBooth.Dashboard.Tests;

/// <summary>Cells as spreadsheets take them.</summary>
internal sealed class CsvTests
{
    [TestCase("=1+1", "'=1+1")]
    [TestCase("+55 11 5555", "'+55 11 5555")]
    [TestCase("-1", "'-1")]
    [TestCase("@SUM(A1)", "'@SUM(A1)")]
    [TestCase("＝1", "'＝1")]
    [TestCase("＋1", "'＋1")]
    [TestCase("－1", "'－1")]
    [TestCase("＠SUM(A1)", "'＠SUM(A1)")]
    [TestCase("\t=1", "\t'=1")]
    [TestCase("  \u200b=1", "  \u200b'=1")]
    [TestCase("Samba;=1", "Samba;'=1")]
    [TestCase("Samba\t=1", "Samba\t'=1")]
    [TestCase("Samba,=1", "Samba,'=1")]
    [TestCase("Samba|=1", "Samba|'=1")]
    [TestCase("Samba\r\n=1", "Samba\r\n'=1")]
    [TestCase("Samba\";\"=1", "Samba\";\"'=1")]
    [TestCase("Samba; ＝1;@x", "Samba; '＝1;'@x")]
    [TestCase("Bossa Nova – 2 x 1 (a=b)", "Bossa Nova – 2 x 1 (a=b)")]
    [TestCase("d'Ávila-Costa", "d'Ávila-Costa")]
    [TestCase("", "")]
    [TestCase(null, "")]
    public void What_people_type_never_becomes_a_formula(string? typed, string cell) => Assert.That(Csv.Text(typed), Is.EqualTo(cell));

    [TestCase("pt-BR", "\"a\"\"b\";\"-5,00\";\"2026-11-28 09:30:00\"")]
    [TestCase("pt-PT", "\"a\"\"b\";\"-5,00\";\"2026-11-28 09:30:00\"")]
    [TestCase("en-US", "\"a\"\"b\",\"-5.00\",\"2026-11-28 09:30:00\"")]
    [TestCase("en", "\"a\"\"b\",\"-5.00\",\"2026-11-28 09:30:00\"")]
    public async Task Each_cell_is_quoted_and_written_as_the_readers_country_does(string culture, string line)
    {
        var csv = new Csv(new CultureInfo(culture), TimeZoneInfo.FindSystemTimeZoneById("America/Sao_Paulo"));
        var context = new DefaultHttpContext { Response = { Body = new MemoryStream() } };
        string[][] rows = [[Csv.Text("a\"b"), csv.Money(-500, "BRL"), csv.Time(new DateTimeOffset(2026, 11, 28, 12, 30, 0, TimeSpan.Zero))]];

        await csv.WriteAsync(context, "rows.csv", ["What"], rows.ToAsyncEnumerable(), CancellationToken.None);

        Assert.That(Encoding.UTF8.GetString(((MemoryStream)context.Response.Body).ToArray()), Is.EqualTo($"\uFEFF\"What\"\r\n{line}\r\n"));
    }
}
