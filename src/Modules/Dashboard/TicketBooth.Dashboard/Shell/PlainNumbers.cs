using System.Globalization;
using Microsoft.AspNetCore.Mvc.ModelBinding;
using Microsoft.AspNetCore.Mvc.ModelBinding.Binders;

namespace TicketBooth.Dashboard.Shell;

/// <summary>
/// Binds decimal numbers in the reader's language, without thousands separators: one language's separator is the other's decimal point, and
/// 2.5 must never become 25.
/// </summary>
internal sealed class PlainNumbers : IModelBinderProvider
{
    public const NumberStyles Style =
        NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint | NumberStyles.AllowLeadingWhite | NumberStyles.AllowTrailingWhite;

    public IModelBinder? GetBinder(ModelBinderProviderContext context) =>
        context.Metadata.UnderlyingOrModelType == typeof(decimal)
            ? new DecimalModelBinder(Style, context.Services.GetRequiredService<ILoggerFactory>())
            : null;
}
