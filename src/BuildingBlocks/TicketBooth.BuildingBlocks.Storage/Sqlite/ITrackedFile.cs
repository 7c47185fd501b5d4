namespace TicketBooth.BuildingBlocks.Storage.Sqlite;

/// <summary>An open file whose position the manifest follows.</summary>
internal interface ITrackedFile
{
    string File { get; }

    /// <summary>How far the file has come on disk. Moves it first where writes do not do so themselves.</summary>
    long ReadPosition();
}
