using System.Globalization;
using Microsoft.Data.Sqlite;
using TicketBooth.BuildingBlocks.Kernel;

namespace TicketBooth.BuildingBlocks.Storage.Sqlite;

/// <summary>Compares the files of a folder with its manifest before any of them is opened for writing.</summary>
internal static class FolderCheck
{
    /// <summary>The folder of what a restore has read and not put in place yet.</summary>
    public const string UnfinishedRestore = "ticketbooth.restoring";

    /// <exception cref="StorageException">Names every file that is missing, empty, older, or of another installation.</exception>
    private static void Compare(string folder, Manifest manifest, bool readOnly)
    {
        var losses = manifest
            .Positions.Select(file => (Name: file.Key, Problem: ProblemOf(folder, manifest.Installation, file.Key, file.Value, readOnly)))
            .Where(file => file.Problem is not null)
            .ToList();
        if (losses.Count > 0)
        {
            throw new StorageException(
                $"Storage:Path: {folder} is not as this installation left it:{Environment.NewLine}"
                    + string.Concat(losses.Select(file => $"  {file.Name}.db {file.Problem}{Environment.NewLine}"))
                    + Manifest.Advice(string.Join(' ', losses.Select(file => file.Name)))
            );
        }
    }

    /// <summary>The manifest, to which the folder answers; null without one.</summary>
    /// <param name="expected">The installation that the settings name.</param>
    public static Manifest? Read(string folder, string? expected, bool readOnly)
    {
        if (Directory.Exists(Path.Combine(folder, UnfinishedRestore)))
        {
            throw new StorageException(
                $"Storage:Path: a restore into {folder} was not finished. Empty the folder and run the verb 'restore' again."
            );
        }

        var manifest = Manifest.Read(folder);
        ExpectInstallation(folder, manifest, expected);
        if (manifest is not null)
        {
            Compare(folder, manifest, readOnly);
        }

        return manifest;
    }

    /// <param name="expected">From the settings; null or empty expects nothing.</param>
    /// <exception cref="StorageException">The folder is new, or holds the files of another installation.</exception>
    private static void ExpectInstallation(string folder, Manifest? manifest, string? expected)
    {
        if (string.IsNullOrWhiteSpace(expected) || manifest?.Installation == expected)
        {
            return;
        }

        var found = manifest is null ? $"has no {Manifest.FileName}" : $"holds the installation {manifest.Installation}";
        throw new StorageException(
            $"Storage:Installation: {folder} {found}, and the settings expect the installation {expected}. "
                + "Is its disk mounted? Mount it, or put all files back. To go on with this folder, change or remove the setting."
        );
    }

    /// <summary>For a folder without a manifest.</summary>
    /// <exception cref="StorageException">Its files know an installation, so the manifest is lost, and perhaps more.</exception>
    public static void ExpectNew(string folder)
    {
        if (Directory.EnumerateFiles(folder, "*.db").FirstOrDefault(IsMarked) is { } known)
        {
            throw new StorageException(
                $"Storage:Path: {Path.Combine(folder, Manifest.FileName)} is missing, and "
                    + $"{Path.GetFileName(known)} shows that there was one. "
                    + $"Only it can tell which other files are lost. {Manifest.Advice(Manifest.FileName)}"
            );
        }
    }

    private static string? ProblemOf(string folder, string installation, string name, long position, bool readOnly)
    {
        var file = Path.Combine(folder, name + ".db");
        if (!File.Exists(file))
        {
            return "is missing";
        }

        if (new FileInfo(file).Length == 0)
        {
            return "is empty";
        }

        FileMark? mark;
        try
        {
            mark = MarkOf(file);
        }
        catch (SqliteException failure)
        {
            // A file that is damaged is not lost; audit reports the damage.
            return readOnly ? null : $"cannot be read: {failure.Message}";
        }

        return mark switch
        {
            null => $"holds nothing of this installation (another file, or its log {name}.db-wal is lost)",
            { } known when known.Installation != installation => "is another file: it is of another installation",
            { } known when known.Name != name => $"is another file: it is a copy of {known.Name}.db",
            { } known when known.Position < position => string.Create(
                CultureInfo.InvariantCulture,
                $"is older than it was: it is at position {known.Position} and was at {position} "
                    + $"(an older copy, or its log {name}.db-wal is lost or cut off)"
            ),
            _ => null,
        };
    }

    private static bool IsMarked(string file)
    {
        try
        {
            return MarkOf(file) is not null;
        }
        catch (SqliteException)
        {
            // Not a database, or not one that can be read: whoever opens it says so.
            return false;
        }
    }

    private static FileMark? MarkOf(string file)
    {
        using var session = SqliteSession.Open(
            new SqliteConnectionStringBuilder
            {
                DataSource = file,
                Mode = SqliteOpenMode.ReadOnly,
                Pooling = false,
            }.ToString()
        );
        return FileMark.Read(session);
    }
}
