namespace TicketBooth.ArchitectureTests;

/// <summary>A repository made up for one test.</summary>
internal sealed class Tree : IDisposable
{
    public Tree(params IEnumerable<(string Path, string Text)> files)
    {
        foreach (var (path, text) in files)
        {
            var file = Path.Combine(Root, path);
            Directory.CreateDirectory(Path.GetDirectoryName(file)!);
            File.WriteAllText(file, text);
        }
    }

    public string Root { get; } = Directory.CreateTempSubdirectory("ticketbooth-test-").FullName;

    public void Dispose() => Directory.Delete(Root, recursive: true);
}
