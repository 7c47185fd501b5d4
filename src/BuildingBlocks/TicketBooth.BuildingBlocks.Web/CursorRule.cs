using FluentValidation;
using TicketBooth.BuildingBlocks.Kernel;

namespace TicketBooth.BuildingBlocks.Web;

public static class CursorRule
{
    /// <summary>Where a page of a list begins: a cursor that the list has made, or null for the first page.</summary>
    public static IRuleBuilderOptions<T, string?> IsCursor<T>(this IRuleBuilder<T, string?> rule)
    {
        ArgumentNullException.ThrowIfNull(rule);
        return rule.Must(cursor => cursor is null || Cursor.TryParse(cursor, out _)).WithMessage("Not a cursor of this list.");
    }
}
