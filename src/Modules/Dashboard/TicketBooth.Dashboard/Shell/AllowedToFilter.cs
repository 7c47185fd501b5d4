using System.Reflection;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.Filters;

namespace TicketBooth.Dashboard.Shell;

/// <summary>Keeps what <see cref="AllowedToAttribute"/> says.</summary>
internal sealed class AllowedToFilter(IAuthorizationService authorization) : IAsyncPageFilter
{
    public Task OnPageHandlerSelectionAsync(PageHandlerSelectedContext context) => Task.CompletedTask;

    public async Task OnPageHandlerExecutionAsync(PageHandlerExecutingContext context, PageHandlerExecutionDelegate next)
    {
        ArgumentNullException.ThrowIfNull(context);
        ArgumentNullException.ThrowIfNull(next);
        if (context.HandlerMethod is { } handler && !HttpMethods.IsGet(handler.HttpMethod))
        {
            var allowed = handler.MethodInfo.GetCustomAttribute<AllowedToAttribute>()
                ?? throw new InvalidOperationException($"{handler.MethodInfo.DeclaringType}.{handler.MethodInfo.Name} does not say who may send it.");
            if (!(await authorization.AuthorizeAsync(context.HttpContext.User, allowed.Policy)).Succeeded)
            {
                context.Result = new StatusCodeResult(StatusCodes.Status403Forbidden);
                return;
            }
        }

        await next();
    }
}
