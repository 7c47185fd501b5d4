namespace TicketBooth.ArchitectureTests;

public sealed class ProjectTests
{
    private static readonly Dictionary<string, Func<string, Verdict>> Rules = new Func<string, Verdict>[]
    {
        ProjectRules.Modules_reference_only_contracts_and_building_blocks,
        ProjectRules.Contracts_reference_the_kernel_alone,
        ProjectRules.Building_blocks_reference_only_lower_floors,
        ProjectRules.Only_the_host_references_module_implementations,
        ProjectRules.Nothing_is_referenced_by_file,
        ProjectRules.Only_the_host_references_kafka,
        ProjectRules.Modules_have_exactly_two_projects,
        ProjectRules.Every_project_is_in_the_solution,
        ProjectRules.Versions_are_central,
    }.ToDictionary(rule => rule.Method.Name, StringComparer.Ordinal);

    private static IEnumerable<string> Names => Rules.Keys;

    [TestCaseSource(nameof(Names))]
    public void Holds_here(string rule) => Rules[rule](Repository.Root).MustHold();

    [TestCaseSource(nameof(Names))]
    public void Does_not_hold_where_there_is_nothing(string rule)
    {
        using var tree = new Tree(("TicketBooth.sln", ""));

        Assert.That(() => Rules[rule](tree.Root).MustHold(), Throws.InstanceOf<AssertionException>().With.Message.Contains("nothing to judge"));
    }

    [Test]
    public void A_module_that_references_another_ones_inside_is_noticed()
    {
        using var tree = new Tree(
            ("src/Modules/Alpha/TicketBooth.Alpha/TicketBooth.Alpha.csproj", References("TicketBooth.BuildingBlocks", "TicketBooth.Alpha.Contracts", "TicketBooth.Beta.Contracts", "TicketBooth.Beta", "TicketBooth.Host", "TicketBooth.Gamma.Contracts")),
            ("src/Modules/Beta/TicketBooth.Beta/TicketBooth.Beta.csproj", References("TicketBooth.BuildingBlocks.Mongo")));

        Assert.That(
            ProjectRules.Modules_reference_only_contracts_and_building_blocks(tree.Root).Offenders,
            Is.EqualTo(["TicketBooth.Alpha references TicketBooth.Beta", "TicketBooth.Alpha references TicketBooth.Gamma.Contracts", "TicketBooth.Alpha references TicketBooth.Host"]));
    }

    [Test]
    public void Contracts_that_reference_more_than_the_kernel_are_noticed()
    {
        using var tree = new Tree(
            ("src/Modules/Alpha/TicketBooth.Alpha.Contracts/TicketBooth.Alpha.Contracts.csproj", References("TicketBooth.BuildingBlocks.Kernel", "TicketBooth.BuildingBlocks.Storage", "TicketBooth.Beta.Contracts", "TicketBooth.Alpha")),
            ("src/Modules/Beta/TicketBooth.Beta.Contracts/TicketBooth.Beta.Contracts.csproj", """<Project><ItemGroup><PackageReference Include="Newtonsoft.Json" /></ItemGroup></Project>"""));

        Assert.That(ProjectRules.Contracts_reference_the_kernel_alone(tree.Root).Offenders, Is.EqualTo([
            "TicketBooth.Alpha.Contracts references TicketBooth.Alpha",
            "TicketBooth.Alpha.Contracts references TicketBooth.Beta.Contracts",
            "TicketBooth.Alpha.Contracts references TicketBooth.BuildingBlocks.Storage",
            "TicketBooth.Beta.Contracts references the package Newtonsoft.Json",
        ]));
    }

    [Test]
    public void A_building_block_that_references_a_module_or_a_higher_floor_is_noticed()
    {
        using var tree = new Tree(
            ("src/BuildingBlocks/TicketBooth.BuildingBlocks.Kernel/TicketBooth.BuildingBlocks.Kernel.csproj", References("TicketBooth.Alpha.Contracts")),
            ("src/BuildingBlocks/TicketBooth.BuildingBlocks.Messaging/TicketBooth.BuildingBlocks.Messaging.csproj", References("TicketBooth.BuildingBlocks.Kernel", "TicketBooth.BuildingBlocks.Storage")),
            ("src/BuildingBlocks/TicketBooth.BuildingBlocks.Sixth/TicketBooth.BuildingBlocks.Sixth.csproj", References("TicketBooth.BuildingBlocks.Kernel")));

        Assert.That(ProjectRules.Building_blocks_reference_only_lower_floors(tree.Root).Offenders, Is.EqualTo([
            "TicketBooth.BuildingBlocks.Kernel references TicketBooth.Alpha.Contracts",
            "TicketBooth.BuildingBlocks.Messaging references TicketBooth.BuildingBlocks.Storage",
            "TicketBooth.BuildingBlocks.Sixth references TicketBooth.BuildingBlocks.Kernel",
        ]));
    }

    [Test]
    public void A_module_that_references_kafka_is_noticed()
    {
        using var tree = new Tree(
            ("src/Modules/Alpha/TicketBooth.Alpha/TicketBooth.Alpha.csproj", References("TicketBooth.BuildingBlocks.Kafka")),
            ("src/TicketBooth.Host/TicketBooth.Host.csproj", References("TicketBooth.BuildingBlocks.Kafka")));

        Assert.That(ProjectRules.Only_the_host_references_kafka(tree.Root).Offenders, Is.EqualTo(["TicketBooth.Alpha references TicketBooth.BuildingBlocks.Kafka"]));
    }

    [Test]
    public void A_second_composer_is_noticed()
    {
        using var tree = new Tree(
            ("src/Modules/Alpha/TicketBooth.Alpha/TicketBooth.Alpha.csproj", References()),
            ("src/TicketBooth.Host/TicketBooth.Host.csproj", References("TicketBooth.Alpha")),
            ("src/TicketBooth.Worker/TicketBooth.Worker.csproj", References("TicketBooth.Alpha")));

        Assert.That(ProjectRules.Only_the_host_references_module_implementations(tree.Root).Offenders, Is.EqualTo(["TicketBooth.Worker references TicketBooth.Alpha"]));
    }

    [Test]
    public void A_reference_by_file_is_noticed()
    {
        using var tree = new Tree(("src/Any/Any.csproj", """<Project><ItemGroup><Reference Include="../bin/TicketBooth.Alpha.dll" /></ItemGroup></Project>"""));

        Assert.That(ProjectRules.Nothing_is_referenced_by_file(tree.Root).Offenders, Is.EqualTo(["src/Any/Any.csproj references the file ../bin/TicketBooth.Alpha.dll"]));
    }

    [Test]
    public void A_module_with_one_project_or_three_is_noticed()
    {
        using var tree = new Tree(
            ("src/Modules/Alpha/TicketBooth.Alpha/TicketBooth.Alpha.csproj", References()),
            ("src/Modules/Beta/TicketBooth.Beta/TicketBooth.Beta.csproj", References()),
            ("src/Modules/Beta/TicketBooth.Beta.Contracts/TicketBooth.Beta.Contracts.csproj", References()),
            ("src/Modules/Beta/TicketBooth.Beta.Extra/TicketBooth.Beta.Extra.csproj", References()),
            ("src/Modules/Gamma/TicketBooth.Gamma/TicketBooth.Gamma.csproj", References()),
            ("src/Modules/Gamma/TicketBooth.Gamma.Contracts/TicketBooth.Gamma.Contracts.csproj", References()));

        Assert.That(ProjectRules.Modules_have_exactly_two_projects(tree.Root).Offenders, Has.Exactly(2).Items
            .And.One.StartsWith("Alpha has the projects [").And.One.StartsWith("Beta has the projects ["));
    }

    [Test]
    public void A_project_that_is_not_in_the_solution_is_noticed()
    {
        using var tree = new Tree(
            ("TicketBooth.sln", """Project("{FAE0}") = "In", "src\In\In.csproj", "{75DD}" """),
            ("src/In/In.csproj", References()),
            ("tests/Out/Out.csproj", References()));

        Assert.That(ProjectRules.Every_project_is_in_the_solution(tree.Root).Offenders, Is.EqualTo(["tests/Out/Out.csproj is not in TicketBooth.sln"]));
    }

    [Test]
    public void A_version_in_a_project_is_noticed()
    {
        using var tree = new Tree(("src/Any/Any.csproj", """
            <Project>
              <ItemGroup>
                <PackageReference Include="Central" />
                <PackageReference Include="Own" Version="1.0.0" />
                <PackageReference Include="Other" VersionOverride="1.0.0" />
                <PackageReference Include="Nested"><Version>1.0.0</Version></PackageReference>
              </ItemGroup>
            </Project>
            """));

        Assert.That(ProjectRules.Versions_are_central(tree.Root).Offenders, Is.EqualTo([
            "src/Any/Any.csproj has its own version of Nested", "src/Any/Any.csproj has its own version of Other", "src/Any/Any.csproj has its own version of Own",
        ]));
    }

    private static string References(params IEnumerable<string> projects) =>
        $"<Project><ItemGroup>{string.Concat(projects.Select(project => $"""<ProjectReference Include="../{project}/{project}.csproj" />"""))}</ItemGroup></Project>";
}
