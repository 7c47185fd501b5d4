using Microsoft.EntityFrameworkCore;
using TicketBooth.Accounts.Domain;
using TicketBooth.Accounts.Storage;
using TicketBooth.BuildingBlocks.Kernel;

namespace TicketBooth.Accounts.SigningIn;

/// <summary>Removes wrong passwords of a day ago. They come from anybody and for any address, so nothing else bounds their table.</summary>
internal sealed class ForgetWrongPasswordsWorker(IServiceScopeFactory scopes, WorkServices services)
    : PeriodicWork(new WorkSchedule(TimeSpan.FromHours(1)), services)
{
    protected override async Task RunRoundAsync(CancellationToken cancellationToken)
    {
        await using var scope = scopes.CreateAsyncScope();
        var db = scope.ServiceProvider.GetRequiredService<AccountsDbContext>();
        var before = Clock.GetUtcNow() - AccountRules.WrongPasswordsForgotten;
        await db.WrongPasswords.Where(each => each.LastAt < before).ExecuteDeleteAsync(cancellationToken);
    }
}
