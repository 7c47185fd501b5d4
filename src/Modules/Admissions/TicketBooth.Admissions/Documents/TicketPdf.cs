using System.Globalization;
using Microsoft.Extensions.Options;
using PdfSharp;
using PdfSharp.Drawing;
using PdfSharp.Pdf;
using TicketBooth.BuildingBlocks.Kernel;
using TicketBooth.BuildingBlocks.Web;

namespace TicketBooth.Admissions.Documents;

/// <summary>Tickets as a PDF: an A4 page each.</summary>
internal sealed class TicketPdf(IOptions<HouseOptions> house, TimeProvider clock)
{
    private const double Left = 56;
    private const double Right = 539;
    private const double Second = 310;

    // The library shares fonts between documents and promises nothing about threads. A document takes a few milliseconds.
    private static readonly Lock Drawing = new();

    private readonly TimeZoneInfo zone = TimeZoneInfo.FindSystemTimeZoneById(house.Value.TimeZone);

    public byte[] Draw(IReadOnlyList<TicketSheet> sheets, string language)
    {
        var words = TicketWords.In(language);
        lock (Drawing)
        {
            TicketFonts.Install();
            using var document = new PdfDocument();
            document.Info.Title = $"{words.Title}: {sheets[0].Show.Name}";
            document.Info.Author = house.Value.Name;
            document.Info.CreationDate = clock.GetUtcNow().UtcDateTime;
            document.Language = words.Culture.Name;
            for (var i = 0; i < sheets.Count; i++)
            {
                var page = document.AddPage();
                page.Size = PageSize.A4;
                using var graphics = XGraphics.FromPdfPage(page);
                DrawPage(new TicketPen(graphics), sheets[i], words, string.Format(words.Culture, words.Sheet, i + 1, sheets.Count));
            }

            using var stream = new MemoryStream();
            document.Save(stream);
            return stream.ToArray();
        }
    }

    private void DrawPage(TicketPen pen, TicketSheet sheet, TicketWords words, string sheetNumber)
    {
        var (show, ticket) = sheet;
        DrawHead(pen, sheetNumber);
        var y = pen.Text(show.Name, Left, 120, Right - Left, size: 24, isBold: true) + 14;

        y = Math.Max(
            pen.Field(words.When, TimeOf(show.StartsAt, words), Left, y, Second - Left - 20),
            pen.Field(words.Where, show.Venue, Second, y, Right - Second)
        );
        y = pen.Text(OpensOf(show.OpensAt, show.StartsAt, words), Left, y - 6, Right - Left, size: 10) + 12;
        y = Math.Max(
            pen.Field(words.Tier, show.TierName(ticket.TierId), Left, y, Second - Left - 20),
            pen.Field(words.Number, ticket.Number.ToString(words.Culture), Second, y, Right - Second)
        );
        y = Math.Max(
            pen.Field(words.Holder, ticket.HolderName ?? words.NoHolder, Left, y, Second - Left - 20),
            pen.Field(words.Order, SpokenId.Of(ticket.OrderId), Second, y, Right - Second)
        );
        y = pen.Field(words.Price, PriceOf(ticket.Price, ticket.Currency, words), Left, y, Second - Left - 20);
        y = pen.Text(words.PriceNote, Left, y - 6, Right - Left, size: 9) + 24;

        var width = TicketQr.Draw(pen.Graphics, ticket.Code!, Left + 12, y);
        var beside = Left + 12 + width + 28;
        var next = pen.Text(words.ShowCode, beside, y, Right - beside, size: 11, isBold: true) + 8;
        next = pen.Text(words.OneEntry, beside, next, Right - beside, size: 10) + 8;
        pen.Text(words.TypedCode, beside, next, Right - beside, size: 10);
        pen.Code(ticket.Code!, Left, y + width + 26, Right - Left);
        DrawFoot(pen, words);
    }

    private void DrawHead(TicketPen pen, string sheetNumber)
    {
        var left = Left;
        if (house.Value.Logo is { Length: > 0 } logo)
        {
            left += pen.Logo(logo, Left, 44, height: 40) + 12;
        }

        pen.Text(house.Value.Name, left, 52, Right - left - 130, size: 16, isBold: true);
        pen.TextToRight(sheetNumber, Right, 56, size: 10);
        pen.Line(Left, Right, 98);
    }

    private void DrawFoot(TicketPen pen, TicketWords words)
    {
        var seller = string.Join(
            " · ",
            new[] { $"{words.SoldBy} {house.Value.Name}", house.Value.TaxId, house.Value.Address }.Where(part =>
                !string.IsNullOrEmpty(part)
            )
        );
        pen.Line(Left, Right, 728);
        var y = pen.Text(seller, Left, 738, Right - Left, size: 9);
        if (house.Value.TicketNotice is { Length: > 0 } notice)
        {
            pen.Text(notice, Left, y + 4, Right - Left, size: 8);
        }
    }

    private string TimeOf(DateTimeOffset at, TicketWords words) => house.Value.TimeOf(at, words.DateFormat, words.Culture);

    /// <summary>With its day where that is not the show's.</summary>
    private string OpensOf(DateTimeOffset opensAt, DateTimeOffset startsAt, TicketWords words)
    {
        var opens = TimeZoneInfo.ConvertTime(opensAt, zone);
        var isSameDay = opens.Date == TimeZoneInfo.ConvertTime(startsAt, zone).Date;
        return string.Format(words.Culture, words.Opens, opens.ToString(isSameDay ? "HH:mm" : words.DayFormat, words.Culture));
    }

    private static string PriceOf(long cents, string currency, TicketWords words)
    {
        var amount = Currencies
            .ToAmount(cents, currency)
            .ToString("N" + Currencies.DecimalsOf(currency).ToString(CultureInfo.InvariantCulture), words.Culture);
        return currency == "BRL" ? $"R$ {amount}" : $"{currency} {amount}";
    }
}
