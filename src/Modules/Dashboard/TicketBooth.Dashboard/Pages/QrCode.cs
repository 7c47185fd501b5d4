using System.Globalization;
using System.Text;
using Microsoft.AspNetCore.Html;
using Microsoft.AspNetCore.Mvc.Rendering;
using QRCoder;

namespace TicketBooth.Dashboard.Pages;

/// <summary>A QR code as an SVG of one path. The library's own SVG has fixed colours, which the stylesheet could not change.</summary>
internal static class QrCode
{
    /// <param name="text">The content of the code.</param>
    /// <param name="label">What the code is for, for screen readers.</param>
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
