namespace TicketBooth.ArchitectureTests;

public sealed class ShapeTests
{
    private static readonly IReadOnlyCollection<string> Excused =
        ShapeRules.Excused(File.ReadAllText(Path.Combine(Repository.Root, "docs/adr/0026-formatting-and-line-length.md")));

    [Test]
    public void No_line_is_too_long() => ShapeRules.No_line_is_too_long(Repository.Root).MustHold();

    [Test]
    public void No_file_is_too_long() => ShapeRules.No_file_is_too_long(Repository.Root, Excused).MustHold();

    [Test]
    public void Every_excused_file_is_still_there_and_long() => Assert.That(
        Excused.Where(file => !File.Exists(Path.Combine(Repository.Root, file)) || File.ReadLines(Path.Combine(Repository.Root, file)).Count() <= ShapeRules.LongestFile), Is.Empty);

    [Test]
    public void Nothing_but_the_loops_that_must_not_die_catches_everything() => ShapeRules.Nothing_else_catches_everything(Repository.Root).MustHold();

    [Test]
    public void Modules_have_one_shape() => ShapeRules.Modules_have_one_shape(Repository.Root).MustHold();

    [Test]
    public void A_line_that_is_too_long_is_noticed()
    {
        using var tree = new Tree(
            ("src/Code.cs", "//\n" + new string('x', 141)),
            ("src/Page.cshtml", new string('x', 200)),
            ("src/Good.cs", new string('x', 140)),
            ("tests/Free.cs", new string('x', 200)));

        Assert.That(ShapeRules.No_line_is_too_long(tree.Root).Offenders, Is.EqualTo(["src/Code.cs has 141 characters in line 2", "src/Page.cshtml has 200 characters in line 1"]));
    }

    [Test]
    public void A_file_that_is_too_long_is_noticed_unless_an_adr_says_why()
    {
        var tooLong = string.Concat(Enumerable.Repeat("//\n", 251));
        using var tree = new Tree(("src/Long.cs", tooLong), ("src/Good.cs", tooLong[3..]), ("src/Excused.cs", tooLong));
        var excused = ShapeRules.Excused("- `src/Excused.cs`: one table that reads best in one piece.\n- `src/Long.cs`: because.\n");

        Assert.That(ShapeRules.No_file_is_too_long(tree.Root, excused).Offenders, Is.EqualTo(["src/Long.cs has 251 lines"]));
    }

    [Test]
    public void A_catch_of_everything_is_noticed()
    {
        using var tree = new Tree(
            ("src/Loop.cs", "#pragma warning disable CA5394, CA1031 // it must not die"),
            ("src/PeriodicWork.cs", "#pragma warning disable CA1031 // it must not die"),
            ("src/Good.cs", "// CA1031"));

        Assert.That(ShapeRules.Nothing_else_catches_everything(tree.Root).Offenders, Is.EqualTo(["src/Loop.cs catches everything"]));
    }

    [Test]
    public void A_module_of_another_shape_is_noticed()
    {
        using var tree = new Tree(
            ("src/Modules/Alpha/TicketBooth.Alpha/AlphaModule.cs", ""),
            ("src/Modules/Alpha/TicketBooth.Alpha/AlphaOptions.cs", ""),
            ("src/Modules/Alpha/TicketBooth.Alpha/AlphaErrors.cs", ""),
            ("src/Modules/Alpha/TicketBooth.Alpha/AlphaInvariants.cs", ""),
            ("src/Modules/Beta/TicketBooth.Beta/BetaModule.cs", ""),
            ("src/Modules/Beta/TicketBooth.Beta/BetaOptions.cs", ""),
            ("src/Modules/Beta/TicketBooth.Beta/Helpers.cs", ""));

        Assert.That(ShapeRules.Modules_have_one_shape(tree.Root).Offenders, Is.EqualTo(["Beta has Helpers.cs at its root", "Beta has no BetaErrors.cs at its root"]));
    }
}
