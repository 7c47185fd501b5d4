using TicketBooth.BuildingBlocks.Web;

namespace TicketBooth.Host.Web;

/// <summary>An error that only set a status gets a problem document.</summary>
internal static class EmptyErrors
{
    public static void UseEmptyErrors(this IApplicationBuilder app) => app.Use(CompleteAsync);

    private static Task CompleteAsync(HttpContext context, RequestDelegate next)
    {
        var answered = next(context);
        return !answered.IsCompletedSuccessfully ? CompleteAsync(context.Response, answered)
            : IsEmptyError(context.Response) ? WriteAsync(context.Response)
            : Task.CompletedTask;
    }

    private static async Task CompleteAsync(HttpResponse response, Task answered)
    {
        await answered;
        if (IsEmptyError(response))
        {
            await WriteAsync(response);
        }
    }

    private static bool IsEmptyError(HttpResponse response) =>
        response is { StatusCode: >= 400 and < 600, HasStarted: false, ContentLength: null } && string.IsNullOrEmpty(response.ContentType);

    private static Task WriteAsync(HttpResponse response) =>
        Problems.WriteAsync(response.HttpContext, response.StatusCode, Problems.CodeOf(response.StatusCode));
}
