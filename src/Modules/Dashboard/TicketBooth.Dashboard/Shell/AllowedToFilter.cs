using System.Reflection;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.Filters;

namespace TicketBooth.Dashboard.Shell;

/// <summary>Enforces <see cref="AllowedToAttribute"/>.</summary>
internal sealed class AllowedToFilter(IAuthorizationService authorization) : IAsyncPageFilter
{
    public Task OnPageHandlerSelectionAsync(PageHandlerSelectedContext context) => Task.CompletedTask;

    public async Task OnPageHandlerExecutionAsync(PageHandlerExecutingContext context, PageHandlerExecutionDelegate next)
    {
        ArgumentNullException.ThrowIfNull(context);
        ArgumentNullException.ThrowIfNull(next);
        if (
            !HttpMethods.IsGet(context.HttpContext.Request.Method)
            && !HttpMethods.IsHead(context.HttpContext.Request.Method)
            && context.HandlerInstance is not IErrorPage
        )
        {
            if (context.HandlerMethod is not { } handler)
            {
                // Without a handler, the page would be shown without its data.
                context.Result = new StatusCodeResult(StatusCodes.Status404NotFound);
                return;
            }

            var allowed = handler.MethodInfo.GetCustomAttribute<AllowedToAttribute>()
                ?? throw new InvalidOperationException(
                    $"{handler.MethodInfo.DeclaringType}.{handler.MethodInfo.Name} has no [AllowedTo] attribute."
                );
            if (!(await authorization.AuthorizeAsync(context.HttpContext.User, allowed.Policy)).Succeeded)
            {
                context.Result = new StatusCodeResult(StatusCodes.Status403Forbidden);
                return;
            }
        }

        await next();
    }
}
