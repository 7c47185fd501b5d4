using System.Reflection;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.Filters;
using TicketBooth.Dashboard.Pages;

namespace TicketBooth.Dashboard.Shell;

/// <summary>Keeps what <see cref="AllowedToAttribute"/> says.</summary>
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
            && context.HandlerInstance is not ErrorModel
        )
        {
            if (context.HandlerMethod is not { } handler)
            {
                // A page that nobody has filled would be shown.
                context.Result = new StatusCodeResult(StatusCodes.Status404NotFound);
                return;
            }

            var allowed = handler.MethodInfo.GetCustomAttribute<AllowedToAttribute>()
                ?? throw new InvalidOperationException(
                    $"{handler.MethodInfo.DeclaringType}.{handler.MethodInfo.Name} does not say who may send it."
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
