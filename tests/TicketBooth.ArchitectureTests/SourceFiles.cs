namespace TicketBooth.ArchitectureTests;

/// <summary>The files that people write, without what builds and runs leave behind.</summary>
internal static class SourceFiles
{
    private static readonly string[] LeftBehind = ["bin", "obj", "artifacts", "TestResults", "data", "node_modules"];

    /// <summary>Relative to the root, with slashes, in order.</summary>
    public static IEnumerable<string> Under(string root, string folder)
    {
        var start = Path.GetFullPath(Path.Combine(root, folder));
        return Directory.Exists(start) ? Walk(start).Select(file => Path.GetRelativePath(root, file).Replace('\\', '/')).Order(StringComparer.Ordinal) : [];
    }

    private static IEnumerable<string> Walk(string folder) => Directory.EnumerateFiles(folder).Concat(Directory.EnumerateDirectories(folder)
        .Where(child => !LeftBehind.Contains(Path.GetFileName(child), StringComparer.Ordinal) && Path.GetFileName(child) != ".git")
        .SelectMany(Walk));
}
