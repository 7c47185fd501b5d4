namespace TicketBooth.ArchitectureTests;

public sealed class FolderTests
{
    [Test]
    public void No_folders_of_a_project_use_each_other() => FolderRules.No_circles(Repository.Projects).MustHold();

    [Test]
    public void A_circle_of_folders_is_noticed_even_in_a_generic_argument() => Assert.That(
        FolderRules.No_circles([GuiltyModules.Project("Circles")]).Short(),
        Is.EqualTo([
            "Circles has a circle of Left/, Right/ (Circles.Left.Plate -> Right/; Circles.Right.Glass -> Left/)",
            "Circles has a circle of Low/, Root (Circles.Low.Cellar -> Root; Circles.Root -> Low/)",
            "Circles has a circle of Room/, Wall/ (Circles.Room.Door.Handle -> Wall/; Circles.Wall.Frame -> Room/)",
        ]));

    [Test]
    public void Namespaces_are_folders() => FolderRules.Namespaces_are_folders(Repository.Root).MustHold();

    [Test]
    public void A_namespace_that_is_not_its_folder_is_noticed()
    {
        using var tree = new Tree(
            ("src/Modules/Alpha/TicketBooth.Alpha/TicketBooth.Alpha.csproj", "<Project />"),
            ("src/Modules/Alpha/TicketBooth.Alpha/AlphaModule.cs", "namespace TicketBooth.Alpha;"),
            ("src/Modules/Alpha/TicketBooth.Alpha/Orders/Good.cs", "namespace TicketBooth.Alpha.Orders;"),
            ("src/Modules/Alpha/TicketBooth.Alpha/Orders/Bad.cs", "namespace TicketBooth.Alpha;"));

        Assert.That(
            FolderRules.Namespaces_are_folders(tree.Root).Offenders,
            Is.EqualTo(["src/Modules/Alpha/TicketBooth.Alpha/Orders/Bad.cs has the namespace TicketBooth.Alpha, not TicketBooth.Alpha.Orders"]));
    }
}
