using System.Globalization;
using System.Text;
using Microsoft.AspNetCore.Html;
using Microsoft.AspNetCore.Mvc.Rendering;
using QRCoder;

namespace TicketBooth.Dashboard.Shell;

/// <summary>A QR code as an SVG of one path. The library's own SVG sets its colours in the markup, where the stylesheet cannot reach them.</summary>
internal static class QrCode
{
    /// <param name="text">What the code says.</param>
    /// <param name="label">What it is, for those who cannot see it.</param>
    public static IHtmlContent Draw(string text, string label)
    {
        using var data = QRCodeGenerator.GenerateQrCode(text, QRCodeGenerator.ECCLevel.M);
        var path = new StringBuilder();
        for (var row = 0; row < data.ModuleMatrix.Count; row++)
        {
            for (var column = 0; column < data.ModuleMatrix[row].Count; column++)
            {
                if (data.ModuleMatrix[row][column])
                {
                    path.Append(CultureInfo.InvariantCulture, $"M{column} {row}h1v1h-1z");
                }
            }
        }

        var drawing = new TagBuilder("path");
        drawing.Attributes["d"] = path.ToString();
        var svg = new TagBuilder("svg");
        svg.AddCssClass("qr");
        svg.Attributes["viewBox"] = string.Create(CultureInfo.InvariantCulture, $"0 0 {data.ModuleMatrix.Count} {data.ModuleMatrix.Count}");
        svg.Attributes["role"] = "img";
        svg.Attributes["aria-label"] = label;
        svg.Attributes["shape-rendering"] = "crispEdges";
        svg.InnerHtml.AppendHtml(drawing);
        return svg;
    }
}
