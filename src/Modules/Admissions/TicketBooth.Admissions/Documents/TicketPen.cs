using PdfSharp.Drawing;

namespace TicketBooth.Admissions.Documents;

/// <summary>Draws text that stays within its width: words go on to the next line, and too long a word is cut.</summary>
internal sealed class TicketPen(XGraphics graphics)
{
    private const double LineHeight = 1.3;
    private const int MostLines = 4;
    private const string More = "…";

    private static readonly XPen Thin = new(XColor.FromArgb(0xB0, 0xB0, 0xB0), 0.8);
    private static readonly XBrush Grey = new XSolidBrush(XColor.FromArgb(0x55, 0x55, 0x55));

    public XGraphics Graphics => graphics;

    /// <returns>Where the next thing below may begin.</returns>
    public double Text(string text, double left, double top, double width, double size, bool isBold = false) =>
        Draw(text, FontOf(size, isBold), XBrushes.Black, left, top, width);

    /// <summary>A value under its name.</summary>
    public double Field(string name, string value, double left, double top, double width)
    {
        var below = Draw(name, FontOf(9, isBold: false), Grey, left, top, width);
        return Draw(value, FontOf(13, isBold: true), XBrushes.Black, left, below, width) + 12;
    }

    public void TextToRight(string text, double right, double top, double size)
    {
        var font = FontOf(size, isBold: false);
        graphics.DrawString(text, font, Grey, right - graphics.MeasureString(text, font).Width, top + size);
    }

    /// <summary>The letters of a code, in groups.</summary>
    public void Code(string code, double left, double top, double width) =>
        Draw(string.Join(' ', code.Chunk(5).Select(group => new string(group))), FontOf(8, isBold: false), Grey, left, top, width);

    public void Line(double left, double right, double top) => graphics.DrawLine(Thin, left, top, right, top);

    /// <returns>How wide it became.</returns>
    public double Logo(string file, double left, double top, double height)
    {
        using var image = XImage.FromFile(file);
        var width = Math.Min(height * image.PixelWidth / image.PixelHeight, 4 * height);
        graphics.DrawImage(image, left, top, width, height);
        return width;
    }

    private static XFont FontOf(double size, bool isBold) =>
        new(TicketFonts.Family, size, isBold ? XFontStyleEx.Bold : XFontStyleEx.Regular);

    private double Draw(string text, XFont font, XBrush brush, double left, double top, double width)
    {
        var y = top;
        foreach (var line in Lines(text, font, width))
        {
            graphics.DrawString(line, font, brush, left, y + font.Size);
            y += font.Size * LineHeight;
        }

        return y;
    }

    private IEnumerable<string> Lines(string text, XFont font, double width)
    {
        var (line, lines) = ("", 0);
        foreach (var word in text.Split(' ', StringSplitOptions.RemoveEmptyEntries))
        {
            var longer = line.Length == 0 ? word : $"{line} {word}";
            if (line.Length > 0 && graphics.MeasureString(longer, font).Width > width)
            {
                if (++lines == MostLines)
                {
                    yield return Fit(line + More, font, width);
                    yield break;
                }

                yield return Fit(line, font, width);
                line = word;
            }
            else
            {
                line = longer;
            }
        }

        yield return Fit(line, font, width);
    }

    private string Fit(string line, XFont font, double width)
    {
        if (graphics.MeasureString(line, font).Width <= width)
        {
            return line;
        }

        var length = line.Length;
        while (length > 1 && graphics.MeasureString(line[..length] + More, font).Width > width)
        {
            length--;
        }

        return line[..length] + More;
    }
}
