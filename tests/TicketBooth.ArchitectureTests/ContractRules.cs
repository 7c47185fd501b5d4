using System.Xml.Linq;

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

    /// <summary>Inside generic arguments too: <c>IRequest&lt;Result&lt;Page&lt;T&gt;&gt;&gt;</c> knows all of them.</summary>
    public static Verdict Types_know_only_contracts_and_the_kernel(IEnumerable<ProjectCode> contracts) => Verdict.On(
        contracts.SelectMany(project => project.Uses),
        type => type.FullName,
        type => type.Used.Where(used => !MayBeKnown(used.Namespace)).Select(used => $"uses {used.Namespace}.{used.Name}"));

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

    private static bool MayBeKnown(string space) =>
        space is "System" or "MediatR" or "TicketBooth.BuildingBlocks.Kernel" or "Microsoft.CodeAnalysis" or ""
        || space.StartsWith("System.", StringComparison.Ordinal)
        || (space.StartsWith("TicketBooth.", StringComparison.Ordinal) && space.EndsWith(".Contracts", StringComparison.Ordinal));

    private static string Summary(XDocument documentation, System.Type type)
    {
        var id = "T:" + type.FullName!.Replace('+', '.');
        return documentation.Descendants("member").FirstOrDefault(member => (string?)member.Attribute("name") == id)?.Element("summary")?.Value.Trim() ?? "";
    }
}
