using System.Globalization;

namespace TicketBooth.LoadTests.Figures;

/// <summary>What a process has used of the cores, as Linux counts it. A busy machine changes rates, but hardly this.</summary>
internal sealed class ProcessCpu(int processId)
{
    // USER_HZ, the unit in which Linux reports times to programs, whatever its own clock is.
    private static readonly TimeSpan Tick = TimeSpan.FromMilliseconds(10);

    private readonly string folder = string.Create(CultureInfo.InvariantCulture, $"/proc/{processId}");

    /// <summary>Of all threads, also those that have ended.</summary>
    public TimeSpan Used => Parse(File.ReadAllText(folder + "/stat")).Used;

    /// <summary>Memory that the process occupies, in bytes.</summary>
    public long Resident => Field("/status", "VmRSS:") * 1024;

    /// <summary>The most memory that the process has ever occupied, in bytes.</summary>
    public long LargestResident => Field("/status", "VmHWM:") * 1024;

    /// <summary>Bytes that the process has sent to the disk.</summary>
    public long Written => Field("/io", "write_bytes:");

    /// <summary>What living threads have used, by their names, of which Linux keeps 15 characters.</summary>
    public IReadOnlyDictionary<string, TimeSpan> ByThread()
    {
        var used = new Dictionary<string, TimeSpan>(StringComparer.Ordinal);
        foreach (var thread in Directory.EnumerateDirectories(folder + "/task"))
        {
            try
            {
                var (name, time) = Parse(File.ReadAllText(thread + "/stat"));
                used[name] = used.GetValueOrDefault(name) + time;
            }
            catch (IOException)
            {
                // It ended since the folder was listed.
            }
        }

        return used;
    }

    /// <summary>Reads a line of <c>/proc/…/stat</c>: <c>id (name) state …</c>, where the name may hold spaces and brackets.</summary>
    internal static (string Name, TimeSpan Used) Parse(string stat)
    {
        var end = stat.LastIndexOf(')');
        var name = stat[(stat.IndexOf('(', StringComparison.Ordinal) + 1)..end];
        var fields = stat[(end + 2)..].Split(' ');
        return (name, Tick * (Number(fields[11]) + Number(fields[12])));
    }

    private static long Number(string field) => long.Parse(field, CultureInfo.InvariantCulture);

    private long Field(string file, string name) =>
        Number(
            File.ReadLines(folder + file)
                .First(line => line.StartsWith(name, StringComparison.Ordinal))
                .Split([' ', '\t'], StringSplitOptions.RemoveEmptyEntries)[1]
        );
}
