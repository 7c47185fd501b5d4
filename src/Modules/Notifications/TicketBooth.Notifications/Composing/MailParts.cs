using System.Text;
using System.Text.Encodings.Web;
using System.Text.Unicode;

namespace TicketBooth.Notifications.Composing;

/// <summary>
/// The two forms of a mail's content. The HTML is what all mail programs show: tables, styles in the elements, nothing that is loaded from
/// elsewhere, and so nothing that tells who reads it.
/// </summary>
internal static class MailParts
{
    /// <summary>The content id of the logo.</summary>
    public const string Logo = "logo";

    private const string Font = "font-family:-apple-system,'Segoe UI',Roboto,Helvetica,Arial,sans-serif";
    private const string Ink = "color:#1c2430";
    private const string Faint = "color:#5a6472";

    // Escapes only what has a meaning in HTML, and not every accent.
    private static readonly HtmlEncoder Encoder = HtmlEncoder.Create(UnicodeRanges.All);

    public static string Text(MailContent content, string greeting, IReadOnlyList<string> footer)
    {
        var text = new StringBuilder();
        text.AppendLine(greeting).AppendLine();
        foreach (var block in content.Blocks)
        {
            switch (block)
            {
                case Paragraph paragraph:
                    text.AppendLine(paragraph.Text);
                    break;
                case Note note:
                    text.AppendLine(note.Text);
                    break;
                case FactList list:
                    foreach (var (label, value) in list.Facts)
                    {
                        text.Append(label).Append(": ").AppendLine(value);
                    }

                    break;
                case CodeBlock code:
                    text.Append(code.Label).AppendLine(":").AppendLine().AppendLine(code.Code);
                    break;
                case ActionLink link:
                    text.Append(link.Text).AppendLine(":").AppendLine(link.Url);
                    break;
            }

            text.AppendLine();
        }

        text.AppendLine("-- ");
        foreach (var line in footer)
        {
            text.AppendLine(line);
        }

        return text.ToString();
    }

    public static string Html(
        MailContent content,
        string language,
        string house,
        bool hasLogo,
        string greeting,
        IReadOnlyList<string> footer
    )
    {
        var head = hasLogo
            ? $"""<img src="cid:{Logo}" alt="{Encode(house)}" height="48" style="display:block;height:48px;border:0">"""
            : Encode(house);
        return $"""
            <!doctype html>
            <html lang="{language}">
            <head>
            <meta charset="utf-8">
            <meta name="viewport" content="width=device-width,initial-scale=1">
            <meta name="color-scheme" content="light">
            <title>{Encode(content.Subject)}</title>
            </head>
            <body style="margin:0;padding:0;background:#eef1f5">
            <table role="presentation" width="100%" cellpadding="0" cellspacing="0" style="background:#eef1f5">
            <tr><td align="center" style="padding:24px 12px">
            <table role="presentation" width="100%" cellpadding="0" cellspacing="0"
              style="max-width:600px;background:#ffffff;border-radius:8px;{Font};font-size:16px;line-height:1.5;{Ink}">
            <tr><td style="padding:20px 24px;border-bottom:3px solid #8a1538;font-size:18px;font-weight:700">{head}</td></tr>
            <tr><td style="padding:24px">
            <h1 style="margin:0 0 16px;font-size:22px;line-height:1.3">{Encode(content.Subject)}</h1>
            <p style="margin:0 0 16px">{Encode(greeting)}</p>
            {string.Join('\n', content.Blocks.Select(Html))}
            </td></tr>
            <tr><td style="padding:16px 24px;border-top:1px solid #dde2e8;font-size:13px;{Faint}">
            {string.Join("<br>\n", footer.Select(Encode))}
            </td></tr>
            </table>
            </td></tr>
            </table>
            </body>
            </html>
            """;
    }

    private static string Html(MailBlock block) =>
        block switch
        {
            Paragraph paragraph => $"""<p style="margin:0 0 16px">{Encode(paragraph.Text)}</p>""",
            Note note => $"""<p style="margin:0 0 16px;font-size:14px;{Faint}">{Encode(note.Text)}</p>""",
            FactList list => $"""
                <table role="presentation" width="100%" cellpadding="0" cellspacing="0"
                  style="margin:0 0 16px;border-top:1px solid #dde2e8">
                {string.Join('\n', list.Facts.Select(fact => Row(fact.Label, fact.Value)))}
                </table>
                """,
            CodeBlock code => $"""
                <p style="margin:0 0 4px;font-size:14px;{Faint}">{Encode(code.Label)}</p>
                <p style="margin:0 0 16px;padding:12px;background:#f4f6f8;border:1px solid #dde2e8;border-radius:6px;
                  font-family:Consolas,Menlo,monospace;font-size:15px;word-break:break-all">{Encode(code.Code)}</p>
                """,
            ActionLink link => $"""
                <p style="margin:0 0 16px"><a href="{Encode(link.Url)}"
                  style="display:inline-block;padding:12px 20px;background:#8a1538;border-radius:6px;color:#ffffff;font-weight:600;
                  text-decoration:none">{Encode(link.Text)}</a></p>
                """,
            _ => throw new ArgumentOutOfRangeException(nameof(block), block, "This block has no form."),
        };

    private static string Row(string label, string value) =>
        $"""
            <tr>
            <td style="padding:8px 12px 8px 0;border-bottom:1px solid #dde2e8;font-size:14px;vertical-align:top;{Faint}">{Encode(
                label
            )}</td>
            <td style="padding:8px 0;border-bottom:1px solid #dde2e8;vertical-align:top">{Encode(value)}</td>
            </tr>
            """;

    private static string Encode(string text) => Encoder.Encode(text);
}
