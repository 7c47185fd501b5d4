using System.Globalization;
using Microsoft.AspNetCore.Mvc.ModelBinding;
using Microsoft.AspNetCore.Mvc.ModelBinding.Binders;

namespace TicketBooth.Dashboard.Shell;

/// <summary>Numbers with a fraction as the reader's language writes them, but without thousands' separators: one language's are the other's decimal points, and 2.5 must never become 25.</summary>
internal sealed class PlainNumbers : IModelBinderProvider
{
    public const NumberStyles Style =
        NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint | NumberStyles.AllowLeadingWhite | NumberStyles.AllowTrailingWhite;

    public IModelBinder? GetBinder(ModelBinderProviderContext context) =>
        context.Metadata.UnderlyingOrModelType == typeof(decimal)
            ? new DecimalModelBinder(Style, context.Services.GetRequiredService<ILoggerFactory>())
            : null;
}
