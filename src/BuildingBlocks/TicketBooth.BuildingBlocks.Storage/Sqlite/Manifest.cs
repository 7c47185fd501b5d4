using System.Security.Cryptography;
using System.Text.Json;
using TicketBooth.BuildingBlocks.Kernel;

namespace TicketBooth.BuildingBlocks.Storage.Sqlite;

/// <summary>
/// Which files the folder has, and how far each of them had come: a file that is lost, or was replaced by an older one, is recognized by
/// it. What it says is always true and may be a second old.
/// </summary>
internal sealed class Manifest
{
    public const string FileName = "ticketbooth.files.json";

    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web)
    {
        WriteIndented = true,
        RespectRequiredConstructorParameters = true,
        RespectNullableAnnotations = true,
    };

    private readonly string path;
    private readonly SortedDictionary<string, long> positions;

    private Manifest(string path, string installation, IReadOnlyDictionary<string, long> positions)
    {
        (this.path, Installation) = (path, installation);
        this.positions = new(positions.ToDictionary(StringComparer.Ordinal), StringComparer.Ordinal);
    }

    /// <summary>Is also in every file.</summary>
    public string Installation { get; }

    /// <summary>The last known position of each file, by its name without the extension.</summary>
    public IReadOnlyDictionary<string, long> Positions => positions;

    /// <summary>Null when the folder has none: it is new, or of a release that wrote none.</summary>
    public static Manifest? Read(string folder)
    {
        var file = Path.Combine(folder, FileName);
        if (!File.Exists(file))
        {
            return null;
        }

        try
        {
            var content = JsonSerializer.Deserialize<Content>(File.ReadAllBytes(file), Json) ?? throw new JsonException("It is empty.");
            return new Manifest(file, content.Installation, content.Files);
        }
        catch (JsonException failure)
        {
            throw new StorageException($"Storage:Path: {file} cannot be read: {failure.Message} {Advice(FileName)}", failure);
        }
    }

    public static Manifest Create(string folder)
    {
        var manifest = new Manifest(
            Path.Combine(folder, FileName),
            RandomNumberGenerator.GetHexString(32, lowercase: true),
            new Dictionary<string, long>(StringComparer.Ordinal)
        );
        manifest.Save();
        return manifest;
    }

    /// <summary>Writes one for files that are known already, into another folder.</summary>
    public static void Write(string folder, string installation, IReadOnlyDictionary<string, long> positions) =>
        new Manifest(Path.Combine(folder, FileName), installation, positions).Save();

    /// <summary>What to do about files that are lost, and named.</summary>
    public static string Advice(string names) =>
        "Put back what is lost: all files of the folder, as they were at the same moment. To go on without it, run the verb "
        + $"'accept-loss {names}' once: what was stored there is gone then.";

    /// <summary>Forgets files that are lost, or begins anew where the manifest itself is.</summary>
    public static void AcceptLoss(string folder, IReadOnlyCollection<string> names)
    {
        if (names.Contains(FileName, StringComparer.Ordinal))
        {
            Create(folder);
            return;
        }

        var manifest = Read(folder) ?? throw new StorageException($"Storage:Path: there is no {FileName} in {folder}.");
        var lost = names.Select(name => name.EndsWith(".db", StringComparison.Ordinal) ? name[..^3] : name).ToList();
        if (lost.FirstOrDefault(name => !manifest.positions.Remove(name)) is { } unknown)
        {
            throw new StorageException(
                $"Storage:Path: {folder} had no file {unknown}.db. It had {string.Join(", ", manifest.positions.Keys)}."
            );
        }

        manifest.Save();
    }

    /// <summary>Remembers how far files have come, and saves that if one has moved.</summary>
    public void Record(IEnumerable<ITrackedFile> files)
    {
        var moved = false;
        foreach (var file in files)
        {
            var (name, position) = (Path.GetFileNameWithoutExtension(file.File), file.ReadPosition());
            moved |= !positions.TryGetValue(name, out var known) || known != position;
            positions[name] = position;
        }

        if (moved)
        {
            Save();
        }
    }

    /// <summary>Replaces the file in one step, so that a crash leaves the old one or the new one.</summary>
    public void Save()
    {
        var next = path + ".new";
        try
        {
            using (var file = new FileStream(next, FileMode.Create, FileAccess.Write))
            {
                JsonSerializer.Serialize(file, new Content(Installation, positions), Json);
                file.Flush(flushToDisk: true);
            }

            File.Move(next, path, overwrite: true);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            throw new StorageException($"Storage:Path: {path} cannot be written: {failure.Message}", failure);
        }
    }

    private sealed record Content(string Installation, IReadOnlyDictionary<string, long> Files);
}
