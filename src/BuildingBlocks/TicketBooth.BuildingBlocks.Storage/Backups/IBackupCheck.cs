namespace TicketBooth.BuildingBlocks.Storage.Backups;

/// <summary>Looks at files that no host serves: copies, or what is about to be restored.</summary>
public interface IBackupCheck
{
    /// <summary>Runs the audit over a folder.</summary>
    /// <returns>Each violation.</returns>
    Task<IReadOnlyList<string>> AuditAsync(string folder, CancellationToken cancellationToken);

    /// <summary>Opens every store of a folder, and changes nothing.</summary>
    /// <exception cref="Kernel.StorageException">One cannot be opened.</exception>
    Task OpenAsync(string folder, CancellationToken cancellationToken);
}
