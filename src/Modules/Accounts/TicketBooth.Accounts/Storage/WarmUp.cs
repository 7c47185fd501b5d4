using Microsoft.Extensions.Hosting;

namespace TicketBooth.Accounts.Storage;

/// <summary>Has EF Core build its model and compile its first query while nobody waits for it, so that the first sign-in need not.</summary>
internal sealed class WarmUp(IServiceScopeFactory scopes, IHostApplicationLifetime lifetime) : BackgroundService
{
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var started = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var onStarted = lifetime.ApplicationStarted.Register(started.SetResult);
        await started.Task.WaitAsync(stoppingToken);
        await using var scope = scopes.CreateAsyncScope();
        await scope.ServiceProvider.GetRequiredService<AccountsDbContext>().FindByEmailAsync("", CancellationToken.None);
    }
}
