using System.Xml.Linq;
using ArchUnitNET.Domain;

namespace TicketBooth.ArchitectureTests;

/// <summary>What holds for what modules show each other.</summary>
internal static class ContractRules
{
    public static Verdict Types_are_public_sealed_records_enums_or_interfaces(IEnumerable<ModuleCode> modules) => Verdict.On(
        modules.SelectMany(module => module.Contracts),
        type => type.FullName!,
        FormFaults);

    public static Verdict Types_have_a_summary(IEnumerable<ModuleCode> modules) => Verdict.On(
        modules.SelectMany(module => module.Contracts.Where(type => type.IsVisible).Select(type => (Type: type, module.Documentation))),
        subject => subject.Type.FullName!,
        subject => Summary(subject.Documentation, subject.Type).Length > 0 ? [] : ["has no summary"]);

    public static Verdict Types_know_only_contracts_and_results(IEnumerable<ModuleCode> modules, Architecture architecture) => Verdict.On(
        modules.SelectMany(module => module.Contracts),
        type => type.FullName!,
        type => architecture.UsedBy(type).Where(used => !MayBeKnown(used)).Select(used => "uses " + used));

    private static IEnumerable<string> FormFaults(System.Type type)
    {
        if (!type.IsVisible)
        {
            yield return "is not public";
        }

        if (type.IsEnum || type.IsInterface)
        {
            yield break;
        }

        if (!type.IsRecord())
        {
            yield return "is no record, enum or interface";
        }
        else if (!type.IsSealed)
        {
            yield return "is not sealed";
        }
    }

    private static bool MayBeKnown(string used)
    {
        var space = used[..Math.Max(used.LastIndexOf('.'), 0)];
        return space is "System" or "MediatR" or "TicketBooth.BuildingBlocks.Results" or "TicketBooth.BuildingBlocks.Acts"
            || space.StartsWith("System.", StringComparison.Ordinal)
            || (space.StartsWith("TicketBooth.", StringComparison.Ordinal) && space.EndsWith(".Contracts", StringComparison.Ordinal));
    }

    private static string Summary(XDocument documentation, System.Type type)
    {
        var id = "T:" + type.FullName!.Replace('+', '.');
        return documentation.Descendants("member").FirstOrDefault(member => (string?)member.Attribute("name") == id)?.Element("summary")?.Value.Trim() ?? "";
    }
}
