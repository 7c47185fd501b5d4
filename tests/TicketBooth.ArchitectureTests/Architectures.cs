using ArchUnitNET.Domain;
using ArchUnitNET.Loader;
using Assembly = System.Reflection.Assembly;

namespace TicketBooth.ArchitectureTests;

/// <summary>Who depends on whom, bodies of methods included, as ArchUnitNET reads it from the compiled assemblies.</summary>
internal static class Architectures
{
    private static readonly Lazy<Architecture> Loaded = new(() => Load(
        [.. Repository.Modules.SelectMany(module => new[] { Assembly.Load("TicketBooth." + module.Name), Assembly.Load($"TicketBooth.{module.Name}.Contracts") })]));

    public static Architecture OfModules => Loaded.Value;

    public static Architecture Load(params Assembly[] assemblies) => new ArchLoader().LoadAssemblies(assemblies).Build();

    /// <summary>The full names (<c>Space.Outer+Nested</c>) of what a type, or whatever the compiler nested in it, uses.</summary>
    public static IReadOnlySet<string> UsedBy(this Architecture architecture, System.Type type)
    {
        var name = type.FullName!;
        return architecture.Types
            .Where(each => each.FullName == name || each.FullName.StartsWith(name + "+<", StringComparison.Ordinal))
            .SelectMany(each => each.Dependencies)
            .Select(dependency => dependency.Target.FullName)
            .ToHashSet(StringComparer.Ordinal);
    }
}
