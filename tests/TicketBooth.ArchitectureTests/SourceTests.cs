namespace TicketBooth.ArchitectureTests;

public sealed class SourceTests
{
    [Test]
    public void Nothing_is_left_for_later() => SourceRules.Nothing_is_left_for_later(Repository.Root).MustHold();

    [Test]
    public void Modules_open_only_their_own_databases() => SourceRules.Modules_open_only_their_own_databases(Repository.Root).MustHold();

    [Test]
    public void Modules_attach_no_database() => SourceRules.Modules_attach_no_database(Repository.Root).MustHold();

    [Test]
    public void What_is_left_for_later_is_noticed()
    {
        using var tree = new Tree(
            ("src/Code.cs", "#" + "region Helpers\nvar x = 1; // TO" + "DO: more\n"),
            ("src/Page.cshtml", "<p>Metodo, todo, TO" + "DOS</p>"),
            ("tests/run", "# TO" + "DO\n"),
            ("src/bin/Generated.cs", "// TO" + "DO"),
            ("README.md", "TO" + "DO"));

        Assert.That(SourceRules.Nothing_is_left_for_later(tree.Root).Offenders, Is.EqualTo([
            "src/Code.cs has #" + "region in line 1", "src/Code.cs has TO" + "DO in line 2", "tests/run has TO" + "DO in line 1",
        ]));
    }

    [TestCase("""storage.Open("alpha", Schema)""")]
    [TestCase("""storage.Open("alpha-0001", [SqliteOutbox.Schema, Schema])""")]
    [TestCase("""storage.Open($"alpha-{shard:D4}", Schema)""")]
    [TestCase("""storage.Open(string.Create(CultureInfo.InvariantCulture, $"alpha-{shard:D4}"), Schema)""")]
    [TestCase("""var name = string.Create(CultureInfo.InvariantCulture, $"alpha-{shard:D4}"); storage.Open(name, Schema)""")]
    [TestCase("""private static string NameOf(int shard) => $"alpha-{shard:D4}"; storage.Open(NameOf(shard), Schema)""")]
    [TestCase("""private const string Name = "alpha"; storage.FileOf(Name)""")]
    [TestCase("""storage.Database("alpha")""")]
    [TestCase("""mongo.Database($"alpha_{shard:D4}")""")]
    public void A_modules_own_database_is_its_own(string code)
    {
        using var tree = new Tree(("src/Modules/Alpha/TicketBooth.Alpha/Store.cs", code));

        SourceRules.Modules_open_only_their_own_databases(tree.Root).MustHold();
    }

    [TestCase("""storage.Open("beta", Schema)""", "opens beta")]
    [TestCase("""storage.Open("alphabet", Schema)""", "opens alphabet")]
    [TestCase("""storage.Open($"beta-{shard:D4}", Schema)""", "opens beta-{shard:D4}")]
    [TestCase("""var name = $"beta-{shard}"; storage.Open(name, Schema)""", "opens beta-{shard}")]
    [TestCase("""storage.Open(Names.Of(shard), Schema)""", "opens a database whose name cannot be seen")]
    [TestCase("""storage.Open("sandbox-gateway", Schema)""", "opens sandbox-gateway")]
    [TestCase("""storage.FileOf("beta")""", "opens beta")]
    [TestCase("""storage.Database("beta")""", "opens beta")]
    public void Another_modules_database_is_noticed(string code, string fault)
    {
        using var tree = new Tree(("src/Modules/Alpha/TicketBooth.Alpha/Store.cs", code));

        Assert.That(SourceRules.Modules_open_only_their_own_databases(tree.Root).Offenders, Is.EqualTo([$"src/Modules/Alpha/TicketBooth.Alpha/Store.cs {fault}"]));
    }

    [TestCase("stores.Open(shard);")]
    [TestCase("""File.Exists("beta");""")]
    [TestCase("connection.Open();")]
    public void Other_ways_of_opening_are_not_its_business(string code)
    {
        using var tree = new Tree(("src/Modules/Alpha/TicketBooth.Alpha/Store.cs", code));

        Assert.That(SourceRules.Modules_open_only_their_own_databases(tree.Root).Subjects, Is.Empty);
    }

    [TestCase("""session.Execute("ATTACH DATABASE 'beta.db' AS beta")""")]
    [TestCase("""session.Execute("attach $1 as beta", file)""")]
    public void An_attached_database_is_noticed(string code)
    {
        using var tree = new Tree(("src/Modules/Alpha/TicketBooth.Alpha/Store.cs", code));

        Assert.That(SourceRules.Modules_attach_no_database(tree.Root).Offenders, Has.Count.EqualTo(1));
    }
}
