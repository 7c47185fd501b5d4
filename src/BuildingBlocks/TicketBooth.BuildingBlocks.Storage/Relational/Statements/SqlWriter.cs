using System.Data;

namespace TicketBooth.BuildingBlocks.Storage.Relational.Statements;

/// <summary>
/// Runs the writes of a module that EF Core would make too slowly, each in one transaction. In a file they take turns on one connection,
/// whose statements are parsed once.
/// </summary>
/// <param name="storage">The module's tables.</param>
/// <param name="isolation">In MySQL; in a file a transaction keeps all other writers out.</param>
public sealed class SqlWriter(RelationalStorage storage, IsolationLevel isolation = IsolationLevel.Unspecified) : IDisposable
{
    private readonly SemaphoreSlim turns = new(1);

    // A connection to the file with its statements. MySQL's are pooled by the driver, which notices when the server has closed one.
    private SqlCommands? idle;

    /// <summary>Commits what <paramref name="write"/> has written; nothing of it when it fails.</summary>
    public async Task<T> WriteAsync<T>(Func<SqlCommands, Task<T>> write, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(write);
        if (!storage.IsEmbedded)
        {
            using var commands = new SqlCommands(await storage.ConnectAsync(cancellationToken));
            return await RunAsync(commands, write, cancellationToken);
        }

        await turns.WaitAsync(cancellationToken);
        try
        {
            var commands = idle ?? new SqlCommands(await storage.ConnectAsync(cancellationToken));
            idle = null;
            try
            {
                var result = await RunAsync(commands, write, cancellationToken);
                (idle, commands) = (commands, null);
                return result;
            }
            finally
            {
                commands?.Dispose();
            }
        }
        finally
        {
            turns.Release();
        }
    }

    public void Dispose()
    {
        idle?.Dispose();
        turns.Dispose();
    }

    private async Task<T> RunAsync<T>(SqlCommands commands, Func<SqlCommands, Task<T>> write, CancellationToken cancellationToken)
    {
        await using var transaction = await commands.BeginAsync(isolation, cancellationToken);
        var result = await write(commands);
        await transaction.CommitAsync(cancellationToken);
        return result;
    }
}
