using TicketBooth.ArchitectureTests.Guilty.Circles.Low;

// Folders that use each other. Several namespaces in one file, so that the example can be read in one go.
namespace TicketBooth.ArchitectureTests.Guilty.Circles
{
    /// <summary>Guilty: a type at the root, above a folder that is above it.</summary>
    public sealed class Root
    {
        public Cellar? Cellar { get; set; }
    }

    /// <summary>Innocent: below everything.</summary>
    public sealed class Ground;
}

namespace TicketBooth.ArchitectureTests.Guilty.Circles.Low
{
    public sealed class Cellar
    {
        // Guilty, and only in a body.
        public static object Look() => new Root();
    }
}

namespace TicketBooth.ArchitectureTests.Guilty.Circles.Left
{
    /// <summary>Guilty: only inside a generic argument.</summary>
    public sealed class Plate
    {
        public Task<IReadOnlyList<Right.Glass>>? Glasses { get; set; }
    }
}

namespace TicketBooth.ArchitectureTests.Guilty.Circles.Right
{
    public sealed class Glass
    {
        public Left.Plate? Plate { get; set; }

        public Ground? Ground { get; set; }
    }
}

namespace TicketBooth.ArchitectureTests.Guilty.Circles.Room
{
    public sealed class Floor
    {
        public Ground? Ground { get; set; }
    }
}

namespace TicketBooth.ArchitectureTests.Guilty.Circles.Room.Door
{
    /// <summary>Guilty: no two namespaces use each other here, but the folders that they stand in do.</summary>
    public sealed class Handle
    {
        public Wall.Frame? Frame { get; set; }
    }
}

namespace TicketBooth.ArchitectureTests.Guilty.Circles.Wall
{
    public sealed class Frame
    {
        public Room.Floor? Floor { get; set; }
    }
}
