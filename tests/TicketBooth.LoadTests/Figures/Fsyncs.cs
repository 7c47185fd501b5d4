using System.Diagnostics;
using System.Globalization;

namespace TicketBooth.LoadTests.Figures;

/// <summary>
/// Counts how often a process asks the disk to make something durable. The kernel counts (<c>perf stat</c>), so the process runs as fast as
/// without it; there is no count where perf is missing or not allowed.
/// </summary>
internal sealed class Fsyncs : IDisposable
{
    private readonly Process? perf;

    private Fsyncs(Process? perf) => this.perf = perf;

    public static Fsyncs Count(int processId)
    {
        if (!OperatingSystem.IsLinux() || !File.Exists("/usr/bin/perf"))
        {
            return new Fsyncs(null);
        }

        var id = processId.ToString(CultureInfo.InvariantCulture);
        var start = new ProcessStartInfo(
            "/usr/bin/perf",
            ["stat", "-x", ",", "-e", "syscalls:sys_enter_fsync,syscalls:sys_enter_fdatasync", "-p", id]
        )
        {
            RedirectStandardError = true,
            UseShellExecute = false,
        };
        return new Fsyncs(Process.Start(start));
    }

    /// <summary>Null where nobody counts.</summary>
    public async Task<long?> EndAsync()
    {
        if (perf is null)
        {
            return null;
        }

        using (var interrupt = Process.Start("kill", ["-INT", perf.Id.ToString(CultureInfo.InvariantCulture)]))
        {
            await interrupt.WaitForExitAsync();
        }

        return Sum(await perf.StandardError.ReadToEndAsync());
    }

    public void Dispose() => perf?.Dispose();

    /// <summary>Reads what perf says: a line for each kind of call, that begins with its count.</summary>
    internal static long? Sum(string said)
    {
        var counts = said.Split('\n')
            .Where(line => line.Contains("sync", StringComparison.Ordinal))
            .Select(line => line.Split(',')[0])
            .ToList();
        return counts.Count > 0 && counts.TrueForAll(count => long.TryParse(count, CultureInfo.InvariantCulture, out _))
            ? counts.Sum(count => long.Parse(count, CultureInfo.InvariantCulture))
            : null;
    }
}
