using System.Data.Common;
using System.Reflection;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using MySqlConnector;
using TicketBooth.BuildingBlocks.Kernel;

namespace TicketBooth.BuildingBlocks.Storage.Relational;

/// <summary>
/// The tables of a module that keeps its data through EF Core. This file is the one place that chooses where they are: in MySQL where
/// <c>ConnectionStrings:MySql</c> is set, else in a file in the embedded storage's folder.
/// </summary>
public abstract class RelationalStorage : IDisposable
{
    private readonly Assembly assembly;
    private readonly string scripts;

    /// <param name="assembly">Holds the migration scripts among its resources.</param>
    /// <param name="scripts">The folder of the provider's scripts there.</param>
    /// <param name="readOnly">Whether it only reads, as <c>audit</c> does.</param>
    private protected RelationalStorage(Assembly assembly, string scripts, bool readOnly)
    {
        this.assembly = assembly;
        this.scripts = scripts + "/";
        ReadOnly = readOnly;
    }

    public bool ReadOnly { get; }

    /// <summary>Whether the tables are in a file, which one host owns.</summary>
    public abstract bool IsEmbedded { get; }

    /// <summary>The setting and the database that it names: the beginning of every error message at start.</summary>
    private protected abstract string Place { get; }

    /// <summary>The table that EF Core lists the applied migrations in.</summary>
    private protected abstract string History { get; }

    /// <summary>A query that returns a row when there is such a table.</summary>
    private protected abstract string HistoryLookup { get; }

    /// <summary>Whether the write failed because another row has the same unique value.</summary>
    public static bool IsDuplicate(Exception? failure) =>
        failure switch
        {
            SqliteException sqlite => sqlite.SqliteExtendedErrorCode
                is SQLitePCL.raw.SQLITE_CONSTRAINT_UNIQUE
                    or SQLitePCL.raw.SQLITE_CONSTRAINT_PRIMARYKEY,
            MySqlException mysql => mysql.ErrorCode == MySqlErrorCode.DuplicateKeyEntry,
            DbUpdateException update => IsDuplicate(update.InnerException),
            _ => false,
        };

    /// <summary>Whether the write failed because of another one at the same time, whose result it finds when it is tried again.</summary>
    public static bool IsLostRace(Exception? failure) =>
        IsDuplicate(failure) || failure is MySqlException { ErrorCode: MySqlErrorCode.LockDeadlock };

    /// <summary>Upgrades the schema and returns the connection, for what must be read or written at start.</summary>
    /// <remarks>
    /// Plain ADO.NET on purpose: the first use of EF Core costs a second of compilation, which is too long for a start. EF Core generated
    /// the scripts from its migrations; a test compares them.
    /// </remarks>
    public abstract Task<DbConnection> OpenAsync(CancellationToken cancellationToken);

    /// <summary>A connection for work that no request waits for.</summary>
    public abstract Task<DbConnection> ConnectAsync(CancellationToken cancellationToken);

    /// <summary>A connection for a request: a server that does not answer is given up while the client still waits (ADR 0069).</summary>
    public virtual Task<DbConnection> ConnectForRequestAsync(CancellationToken cancellationToken) => ConnectAsync(cancellationToken);

    /// <summary>As <see cref="ConnectAsync"/>, for callers that cannot wait otherwise.</summary>
    public abstract DbConnection Connect();

    public void Dispose()
    {
        Close();
        GC.SuppressFinalize(this);
    }

    /// <summary>Closes the pooled connections.</summary>
    private protected abstract void Close();

    public abstract void UseProvider(DbContextOptionsBuilder options);

    /// <param name="connection">Where to run it.</param>
    /// <param name="script">The SQL that EF Core generated from one migration.</param>
    /// <param name="resumes">Whether an earlier start may have been killed in the middle of it.</param>
    private protected abstract Task ApplyAsync(DbConnection connection, string script, bool resumes, CancellationToken cancellationToken);

    private protected async Task UpgradeAsync(DbConnection connection, CancellationToken cancellationToken)
    {
        var migrations = Migrations();
        var hasHistory = (await connection.ListAsync(HistoryLookup, _ => true, cancellationToken)).Count > 0;
        var applied = hasHistory
            ? await connection.ListAsync("SELECT MigrationId FROM " + History, row => row.GetString(0), cancellationToken)
            : [];
        if (applied.Except(migrations, StringComparer.Ordinal).Any())
        {
            throw new StorageException($"{Place} was written by a newer release.") { Age = DataAge.Newer };
        }

        var pending = migrations.Except(applied, StringComparer.Ordinal).ToList();
        if (pending.Count > 0 && ReadOnly)
        {
            throw new StorageException($"{Place} has an older schema. Start the host once to upgrade it.") { Age = DataAge.Older };
        }

        foreach (var migration in pending)
        {
            using var script = new StreamReader(assembly.GetManifestResourceStream(scripts + migration)!);
            await ApplyAsync(connection, await script.ReadToEndAsync(cancellationToken), resumes: hasHistory, cancellationToken);
        }
    }

    /// <summary>Names of the migrations, ascending; each has a script of the same name.</summary>
    private List<string> Migrations() =>
        [
            .. assembly
                .GetManifestResourceNames()
                .Where(name => name.StartsWith(scripts, StringComparison.Ordinal))
                .Select(name => name[scripts.Length..])
                .Order(StringComparer.Ordinal),
        ];
}
