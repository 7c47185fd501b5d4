using FluentValidation;
using TicketBooth.BuildingBlocks.Kernel;

namespace TicketBooth.BuildingBlocks.Web;

/// <summary>The rules of every text that people type: one for names, one for notes, one for texts of several lines.</summary>
public static class TypedText
{
    /// <summary>A name, which must show. Whether it may be missing is another rule.</summary>
    public static IRuleBuilderOptions<T, string?> MustBeName<T>(this IRuleBuilder<T, string?> rule) =>
        rule.Must(text => string.IsNullOrWhiteSpace(text) || TextRules.IsName(text))
            .WithMessage("Something that shows, without control or turning characters, line breaks and characters that do not exist.");

    /// <summary>A note or a reason of one line.</summary>
    public static IRuleBuilderOptions<T, string?> MustBeOneLine<T>(this IRuleBuilder<T, string?> rule) =>
        rule.Must(text => text is null || TextRules.IsOneLine(text))
            .WithMessage("Without control or turning characters, line breaks and characters that do not exist.");

    /// <summary>A text of several lines.</summary>
    public static IRuleBuilderOptions<T, string?> MustBeText<T>(this IRuleBuilder<T, string?> rule) =>
        rule.Must(text => text is null || TextRules.IsText(text))
            .WithMessage("Without control or turning characters (line breaks and tabs may be) and characters that do not exist.");
}
