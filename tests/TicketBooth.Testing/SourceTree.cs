namespace TicketBooth.Testing;

/// <summary>The repository that these tests were built in.</summary>
public static class SourceTree
{
    public static string Root { get; } = Find();

    private static string Find()
    {
        for (var folder = AppContext.BaseDirectory; folder is not null; folder = Path.GetDirectoryName(folder))
        {
            if (File.Exists(Path.Combine(folder, "TicketBooth.sln")))
            {
                return folder;
            }
        }

        throw new InvalidOperationException("TicketBooth.sln is not above " + AppContext.BaseDirectory);
    }
}
