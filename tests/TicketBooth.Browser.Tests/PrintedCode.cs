using Microsoft.Playwright;
using ZXing;
using ZXing.Common;

namespace TicketBooth.Browser.Tests;

/// <summary>A QR code as a phone sees it: the pixels of the page.</summary>
internal static class PrintedCode
{
    // Of CSS: 96 pixels to the inch.
    private const double Millimetre = 96 / 25.4;

    // A screen has four pixels for a module, and where the code lies between them some modules get three or five. Paper is finer.
    // A phone moves, so it sees a code at many sizes; at one size alone ZXing misses one code in sixty.
    private static readonly double[] Sizes = [3, 2.5, 2, 4, 3.5, 5];

    /// <summary>What the code says; null when nothing can be read.</summary>
    public static async Task<string?> ReadAsync(IPage page, ILocator drawn)
    {
        var picture = Convert.ToBase64String(await drawn.ScreenshotAsync());
        foreach (var size in Sizes)
        {
            if (await ReadAsync(page, picture, size) is { } code)
            {
                return code;
            }
        }

        return null;
    }

    /// <summary>The width of one of its squares on paper.</summary>
    public static async Task<double> ModuleInMillimetresAsync(ILocator drawn)
    {
        var box = (await drawn.BoundingBoxAsync())!;
        var modules = await drawn.EvaluateAsync<double>("code => code.viewBox.baseVal.width");
        return box.Width / Millimetre / modules;
    }

    private static async Task<string?> ReadAsync(IPage page, string picture, double size)
    {
        var pixels = await page.EvaluateAsync<Pixels>(
            """
            async ([text, size]) => {
                const bytes = Uint8Array.from(atob(text), letter => letter.charCodeAt(0));
                const picture = await createImageBitmap(new Blob([bytes], { type: 'image/png' }));
                const [width, height] = [Math.round(size * picture.width), Math.round(size * picture.height)];
                const pen = new OffscreenCanvas(width, height).getContext('2d');
                pen.drawImage(picture, 0, 0, width, height);
                const colours = pen.getImageData(0, 0, width, height).data;
                let greys = '';
                for (let at = 1; at < colours.length; at += 4) {
                    greys += String.fromCharCode(colours[at]);
                }
                return { width, height, greys: btoa(greys) };
            }
            """,
            new object[] { picture, size });
        var image = new RGBLuminanceSource(Convert.FromBase64String(pixels.Greys), pixels.Width, pixels.Height, RGBLuminanceSource.BitmapFormat.Gray8);
        var hints = new Dictionary<DecodeHintType, object> { [DecodeHintType.TRY_HARDER] = true };
        return new MultiFormatReader().decode(new BinaryBitmap(new HybridBinarizer(image)), hints)?.Text;
    }

    private sealed record Pixels
    {
        public int Width { get; init; }

        public int Height { get; init; }

        public string Greys { get; init; } = "";
    }
}
