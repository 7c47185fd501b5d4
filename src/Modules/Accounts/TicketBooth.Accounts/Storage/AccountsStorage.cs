using System.Data.Common;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Diagnostics;
using Microsoft.Extensions.Configuration;
using MySqlConnector;
using TicketBooth.BuildingBlocks.Storage;

namespace TicketBooth.Accounts.Storage;

/// <summary>
/// The database that the accounts are in. This file is the one place that chooses it: MySQL where <c>ConnectionStrings:MySql</c> is set, else a file in
/// the embedded storage's folder.
/// </summary>
internal abstract class AccountsStorage : IDisposable
{
    private readonly string scripts;

    /// <param name="scripts">The folder of the provider's migration scripts among the assembly's resources.</param>
    /// <param name="readOnly">Only look, never write: what <c>audit</c> runs with.</param>
    protected AccountsStorage(string scripts, bool readOnly)
    {
        this.scripts = scripts + "/";
        ReadOnly = readOnly;
    }

    public bool ReadOnly { get; }

    /// <summary>The setting and the database that it names, as a message to whoever starts the host begins.</summary>
    protected abstract string Place { get; }

    /// <summary>The table that EF Core lists the applied migrations in.</summary>
    protected abstract string History { get; }

    /// <summary>Gives a row when there is such a table.</summary>
    protected abstract string HistoryLookup { get; }

    public static IServiceCollection AddTo(IServiceCollection services, IConfiguration configuration) =>
        string.IsNullOrWhiteSpace(configuration.GetConnectionString("MySql"))
            ? services.AddSingleton<AccountsStorage, SqliteAccounts>().AddDbContextPool<AccountsDbContext>(Choose)
            : services.AddSingleton<AccountsStorage, MySqlAccounts>().AddDbContextPool<AccountsDbContext, MySqlAccountsDbContext>(Choose);

    /// <summary>Whether the write lost against another with the same unique value.</summary>
    public static bool IsDuplicate(Exception? failure) => failure switch
    {
        SqliteException sqlite => sqlite.SqliteExtendedErrorCode == SQLitePCL.raw.SQLITE_CONSTRAINT_UNIQUE,
        MySqlException mysql => mysql.ErrorCode == MySqlErrorCode.DuplicateKeyEntry,
        DbUpdateException update => IsDuplicate(update.InnerException),
        _ => false,
    };

    /// <summary>A connection with the schema up to date: what the start reads and writes through.</summary>
    /// <remarks>
    /// Plain ADO.NET on purpose: the first use of EF Core costs a second of compiling, which a start cannot spare. The scripts are what EF
    /// makes of its migrations; a test compares them.
    /// </remarks>
    public abstract Task<DbConnection> OpenAsync(CancellationToken cancellationToken);

    /// <summary>A connection to ask something now and then.</summary>
    public abstract Task<DbConnection> ConnectAsync(CancellationToken cancellationToken);

    public abstract void Dispose();

    protected abstract void UseProvider(DbContextOptionsBuilder options);

    /// <param name="connection">Where to run it.</param>
    /// <param name="script">What EF makes of one migration.</param>
    /// <param name="resumes">A former start may have been ended in the middle of it.</param>
    protected abstract Task ApplyAsync(DbConnection connection, string script, bool resumes, CancellationToken cancellationToken);

    protected async Task UpgradeAsync(DbConnection connection, CancellationToken cancellationToken)
    {
        var migrations = Migrations();
        var hasHistory = (await connection.ListAsync(HistoryLookup, _ => true, cancellationToken)).Count > 0;
        var applied = hasHistory ? await connection.ListAsync("SELECT MigrationId FROM " + History, row => row.GetString(0), cancellationToken) : [];
        if (applied.Except(migrations, StringComparer.Ordinal).Any())
        {
            throw new StorageException($"{Place} was written by a newer release.");
        }

        var pending = migrations.Except(applied, StringComparer.Ordinal).ToList();
        if (pending.Count > 0 && ReadOnly)
        {
            throw new StorageException($"{Place} has an older schema. Start the host once to upgrade it.");
        }

        foreach (var migration in pending)
        {
            using var script = new StreamReader(typeof(AccountsStorage).Assembly.GetManifestResourceStream(scripts + migration)!);
            await ApplyAsync(connection, await script.ReadToEndAsync(cancellationToken), resumes: hasHistory, cancellationToken);
        }
    }

    private static void Choose(IServiceProvider provider, DbContextOptionsBuilder options)
    {
        provider.GetRequiredService<AccountsStorage>().UseProvider(options);

        // A lost race over an e-mail address is an answer, not an error; what is an error reaches the log as the exception of its request. MySQL's
        // message about a duplicate quotes the address, and addresses do not belong in logs.
        options.ConfigureWarnings(warnings => warnings
            .Log((RelationalEventId.CommandError, LogLevel.Debug))
            .Ignore(CoreEventId.MappedEntityTypeIgnoredWarning, CoreEventId.SaveChangesFailed));
    }

    /// <summary>Ascending; each is a script of the same name beside the migration.</summary>
    private List<string> Migrations() =>
    [
        .. typeof(AccountsStorage).Assembly.GetManifestResourceNames()
            .Where(name => name.StartsWith(scripts, StringComparison.Ordinal))
            .Select(name => name[scripts.Length..])
            .Order(StringComparer.Ordinal)
    ];
}
