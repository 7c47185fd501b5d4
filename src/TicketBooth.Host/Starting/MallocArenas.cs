using System.Runtime.InteropServices;

namespace TicketBooth.Host.Starting;

/// <summary>
/// Memory outside the managed heap, which is SQLite's and the runtime's. glibc gives eight arenas for each core to the threads that ask for
/// memory, and what one of them has freed serves no other. Each embedded file has a thread that writes it, so with many files the arenas
/// hold much more than all caches together may.
/// </summary>
internal static class MallocArenas
{
    private const string Setting = "MALLOC_ARENA_MAX";
    private const int ArenaMax = -8;
    private const int Most = 2;

    private delegate int MallocOption(int name, int value);

    /// <summary>Call it before other threads are at work: an arena that exists stays.</summary>
    /// <returns>False where the C library is another one, or the environment says how many arenas there may be.</returns>
    public static bool TryLimit() =>
        Environment.GetEnvironmentVariable(Setting) is null
        && OperatingSystem.IsLinux()
        && NativeLibrary.TryLoad("libc.so.6", out var library)
        && NativeLibrary.TryGetExport(library, "mallopt", out var option)
        && Marshal.GetDelegateForFunctionPointer<MallocOption>(option)(ArenaMax, Most) == 1;
}
