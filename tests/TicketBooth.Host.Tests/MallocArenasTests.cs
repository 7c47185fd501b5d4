using System.Runtime.InteropServices;
using TicketBooth.Host.Starting;

namespace TicketBooth.Host.Tests;

public sealed class MallocArenasTests
{
    [Test]
    public void Are_few_where_there_are_any()
    {
        var isGlibc = OperatingSystem.IsLinux() && NativeLibrary.TryLoad("libc.so.6", out _);
        var isSetAlready = Environment.GetEnvironmentVariable("MALLOC_ARENA_MAX") is not null;

        Assert.That(MallocArenas.TryLimit(), Is.EqualTo(isGlibc && !isSetAlready));
    }
}
