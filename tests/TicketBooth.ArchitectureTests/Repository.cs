using System.Reflection;
using System.Xml.Linq;

namespace TicketBooth.ArchitectureTests;

/// <summary>This repository as it lies on disk, and its modules as they are found there.</summary>
internal static class Repository
{
    public static readonly string Root = FindRoot();

    public static readonly IReadOnlyList<ModuleCode> Modules = [.. Directory.EnumerateDirectories(Path.Combine(Root, "src", "Modules")).Order(StringComparer.Ordinal).Select(Load)];

    /// <summary>Every project under src.</summary>
    public static readonly IReadOnlyList<ProjectCode> Projects =
    [
        .. SourceFiles.Under(Root, "src")
            .Where(file => Path.GetExtension(file) == ".csproj")
            .Select(file => Path.GetFileNameWithoutExtension(file))
            .Select(name => new ProjectCode(name, name, TypeUses.In(Assembly.Load(name), name))),
    ];

    private static ModuleCode Load(string folder)
    {
        var name = Path.GetFileName(folder);
        var contracts = Assembly.Load($"TicketBooth.{name}.Contracts");
        return new ModuleCode(
            name,
            [.. Assembly.Load("TicketBooth." + name).GetTypes().Where(type => !type.IsGenerated())],
            [.. contracts.GetTypes().Where(type => !type.IsGenerated())],
            XDocument.Load(Path.ChangeExtension(contracts.Location, ".xml")));
    }

    private static string FindRoot()
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

/// <summary>A project's types, and what they use.</summary>
/// <param name="Namespace">Its root namespace.</param>
internal sealed record ProjectCode(string Name, string Namespace, IReadOnlyList<TypeUses> Uses)
{
    public bool Owns(string space) => space == Namespace || space.StartsWith(Namespace + ".", StringComparison.Ordinal);
}

/// <summary>A module's own types, without what compilers and tools have generated.</summary>
/// <param name="Types">Of the module's assembly, nested ones included.</param>
/// <param name="Contracts">Of its Contracts assembly.</param>
/// <param name="Documentation">The XML documentation of the Contracts.</param>
internal sealed record ModuleCode(string Name, IReadOnlyList<Type> Types, IReadOnlyList<Type> Contracts, XDocument Documentation);
