using Microsoft.Extensions.Hosting;
using TicketBooth.Accounts.Storage;
using TicketBooth.BuildingBlocks.Kernel;

namespace TicketBooth.Accounts.SigningIn;

/// <summary>
/// Runs once, after the start: has EF Core build its model and compile its first query before anybody signs in, so that the first sign-in
/// is not slow.
/// </summary>
internal sealed partial class PrepareFirstSignIn(
    IServiceScopeFactory scopes,
    IHostApplicationLifetime lifetime,
    IOutageDetector outages,
    ILogger<PrepareFirstSignIn> logger
) : BackgroundService
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
            LogUnreachable(logger, failure);
        }
    }

    [LoggerMessage(
        EventId = 2000,
        Level = LogLevel.Warning,
        Message = "The database of accounts cannot be reached; the first sign-in after it returns will be slow"
    )]
    private static partial void LogUnreachable(ILogger logger, Exception failure);
}
