using PdfSharp.Drawing;
using QRCoder;

namespace TicketBooth.Admissions.Documents;

/// <summary>A code as a QR code of rectangles, which stay sharp however the page is enlarged.</summary>
internal static class TicketQr
{
    // The library's own border, which is what the standard asks for.
    private const int QuietZone = 4;

    // 1.06 mm a module: a phone reads it from an arm's length.
    private const double ModuleSize = 3.0;

    /// <returns>How wide and high it is, without its border.</returns>
    public static double Draw(XGraphics page, string code, double left, double top)
    {
        // Medium: a folded or wet sheet may lose an eighth of it. The code's letters are those that QR codes hold most compactly.
        using var data = QRCodeGenerator.GenerateQrCode(code, QRCodeGenerator.ECCLevel.M);
        var rows = data.ModuleMatrix;
        var size = rows.Count - (2 * QuietZone);
        for (var row = 0; row < size; row++)
        {
            for (var column = 0; column < size; column++)
            {
                var first = column;
                while (column < size && rows[row + QuietZone][column + QuietZone])
                {
                    column++;
                }

                if (column > first)
                {
                    // A hair higher than a module, so that no viewer draws a seam between rows.
                    page.DrawRectangle(
                        XBrushes.Black,
                        left + (first * ModuleSize),
                        top + (row * ModuleSize),
                        (column - first) * ModuleSize,
                        ModuleSize + 0.05
                    );
                }
            }
        }

        return size * ModuleSize;
    }
}
