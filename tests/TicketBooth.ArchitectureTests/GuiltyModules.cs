using System.Xml.Linq;
using ArchUnitNET.Domain;
using Assembly = System.Reflection.Assembly;

namespace TicketBooth.ArchitectureTests;

/// <summary>Two modules that break every rule, to show that the rules notice. Names in their verdicts are shortened.</summary>
internal static class GuiltyModules
{
    private const string Space = "TicketBooth.ArchitectureTests.Guilty";

    public static readonly Assembly Code = Assembly.Load(Space);

    public static readonly IReadOnlyList<ModuleCode> Modules = [Module("Alpha"), Module("Beta")];

    public static readonly Architecture Architecture = Architectures.Load(Code);

    /// <summary>A part of the guilty code as if it were a project.</summary>
    public static ProjectCode Project(string name) => new(name, $"{Space}.{name}", TypeUses.In(Code, $"{Space}.{name}"));

    public static IEnumerable<string> Short(this Verdict verdict) => verdict.Offenders.Select(offender => offender.Replace(Space + ".", "", StringComparison.Ordinal));

    private static ModuleCode Module(string name)
    {
        var types = Code.GetTypes().Where(type => !type.IsGenerated()).ToList();
        return new ModuleCode(
            name,
            [.. types.Where(type => type.Namespace == $"{Space}.{name}")],
            [.. types.Where(type => type.Namespace == $"{Space}.{name}.Contracts")],
            XDocument.Load(Path.ChangeExtension(Code.Location, ".xml")));
    }
}
