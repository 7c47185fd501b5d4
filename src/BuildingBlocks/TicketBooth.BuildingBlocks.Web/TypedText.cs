using FluentValidation;
using TicketBooth.BuildingBlocks.Kernel;

namespace TicketBooth.BuildingBlocks.Web;

/// <summary>The rules of every text that people type: one for names, one for notes, one for texts of several lines.</summary>
public static class TypedText
{
    /// <summary>A name, which must show. Whether it may be missing is another rule.</summary>
    public static IRuleBuilderOptions<T, string?> MustBeName<T>(this IRuleBuilder<T, string?> rule) =>
        rule.Must(text => string.IsNullOrWhiteSpace(text) || TextRules.IsName(text))
            .WithMessage("Must be visible text on one line, without control, text direction or nonexistent characters.");

    /// <summary>A note or a reason of one line.</summary>
    public static IRuleBuilderOptions<T, string?> MustBeOneLine<T>(this IRuleBuilder<T, string?> rule) =>
        rule.Must(text => text is null || TextRules.IsOneLine(text))
            .WithMessage("Must be one line, without control, text direction or nonexistent characters.");

    /// <summary>A text of several lines.</summary>
    public static IRuleBuilderOptions<T, string?> MustBeText<T>(this IRuleBuilder<T, string?> rule) =>
        rule.Must(text => text is null || TextRules.IsText(text))
            .WithMessage("Must have no control (except line breaks and tabs), text direction or nonexistent characters.");
}
