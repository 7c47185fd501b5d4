using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.Filters;
using Microsoft.AspNetCore.Mvc.ModelBinding;
using Microsoft.AspNetCore.Mvc.RazorPages.Infrastructure;

namespace TicketBooth.Dashboard.Shell;

/// <summary>
/// Refuses a form whose hidden fields or buttons say nothing that can be read. Their parameters cannot be null, and would otherwise get a
/// default value that nobody has chosen. What people type is in parameters that can be null, and the page says what is wrong with it.
/// </summary>
internal sealed class ReadableValuesFilter : IPageFilter
{
    public void OnPageHandlerSelected(PageHandlerSelectedContext context) { }

    public void OnPageHandlerExecuting(PageHandlerExecutingContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
        if (
            HttpMethods.IsPost(context.HttpContext.Request.Method)
            && context.HandlerMethod?.Parameters.Any(parameter => !IsReadable(parameter, context.ModelState)) is true
        )
        {
            context.Result = new StatusCodeResult(StatusCodes.Status400BadRequest);
        }
    }

    public void OnPageHandlerExecuted(PageHandlerExecutedContext context) { }

    private static bool IsReadable(HandlerParameterDescriptor parameter, ModelStateDictionary values)
    {
        var type = parameter.ParameterType;
        return !type.IsValueType
            || type == typeof(CancellationToken)
            || Nullable.GetUnderlyingType(type) is not null
            || values.GetFieldValidationState(parameter.Name) == ModelValidationState.Valid;
    }
}
