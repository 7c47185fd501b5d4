using Microsoft.Extensions.Hosting;
using TicketBooth.BuildingBlocks.Kernel;

namespace TicketBooth.Accounts.Storage;

/// <summary>Has EF Core build its model and compile its first query while nobody waits for it, so that the first sign-in need not.</summary>
internal sealed partial class WarmUp(
    IServiceScopeFactory scopes,
    IHostApplicationLifetime lifetime,
    IOutageDetector outages,
    ILogger<WarmUp> logger
)
    : BackgroundService
{
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var started = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var onStarted = lifetime.ApplicationStarted.Register(started.SetResult);
        await started.Task.WaitAsync(stoppingToken);
        await using var scope = scopes.CreateAsyncScope();
        try
        {
            await scope.ServiceProvider.GetRequiredService<AccountsDbContext>().FindByEmailAsync("", CancellationToken.None);
        }
        catch (Exception failure) when (outages.IsOutage(failure))
        {
            LogFailure(logger, failure);
        }
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "The accounts cannot be reached; the first sign-in after that will be slow")]
    private static partial void LogFailure(ILogger logger, Exception failure);
}
