namespace TicketBooth.Notifications.Composing;

/// <summary>What a mail says, before it has a form: both parts are made of it, so that they say the same.</summary>
/// <param name="Subject">One line.</param>
/// <param name="Blocks">From top to bottom.</param>
internal sealed record MailContent(string Subject, IReadOnlyList<MailBlock> Blocks);

/// <summary>A piece of a mail.</summary>
internal abstract record MailBlock;

internal sealed record Paragraph(string Text) : MailBlock;

/// <summary>Less important than a paragraph.</summary>
internal sealed record Note(string Text) : MailBlock;

internal sealed record FactList(IReadOnlyList<(string Label, string Value)> Facts) : MailBlock;

/// <summary>Something to copy.</summary>
internal sealed record CodeBlock(string Label, string Code) : MailBlock;

internal sealed record ActionLink(string Text, string Url) : MailBlock;
