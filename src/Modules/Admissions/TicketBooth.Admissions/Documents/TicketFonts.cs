using PdfSharp.Fonts;

namespace TicketBooth.Admissions.Documents;

/// <summary>
/// DejaVu Sans, which has the letters of most names; shipped with the program, so that a ticket looks alike on every host.
/// </summary>
internal sealed class TicketFonts : IFontResolver
{
    public const string Family = "DejaVu Sans";

    private const string Regular = "DejaVuSans.ttf";
    private const string Bold = "DejaVuSans-Bold.ttf";

    // The library has one resolver for the whole process.
    private static readonly Lazy<bool> Installed = new(() =>
    {
        GlobalFontSettings.FontResolver = new TicketFonts();
        return true;
    });

    public static void Install() => _ = Installed.Value;

    public byte[]? GetFont(string faceName)
    {
        using var stream = typeof(TicketFonts).Assembly.GetManifestResourceStream("Fonts/" + faceName)!;
        var font = new byte[stream.Length];
        stream.ReadExactly(font);
        return font;
    }

    public FontResolverInfo? ResolveTypeface(string familyName, bool isBold, bool isItalic) => new(isBold ? Bold : Regular);
}
