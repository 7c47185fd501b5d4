using System.Diagnostics;
using System.Globalization;
using System.Runtime.InteropServices;
using TicketBooth.Testing;

namespace TicketBooth.LoadTests.Reports;

/// <summary>On what, and of what, figures were taken.</summary>
/// <param name="Commit">With a plus where the sources were changed since.</param>
/// <param name="Load">Processes that wanted a core in the last minute before: on a quiet machine less than one.</param>
internal sealed record Machine(string Commit, string Processor, int Cores, long MemoryMegabytes, string Kernel, string Runtime, double Load)
{
    public static async Task<Machine> ThisAsync() =>
        new(
            await GitAsync("rev-parse", "--short", "HEAD") + (await GitAsync("status", "--porcelain", "--", "src") is "" ? "" : "+"),
            File.ReadLines("/proc/cpuinfo").First(line => line.StartsWith("model name", StringComparison.Ordinal)).Split(": ")[1],
            Environment.ProcessorCount,
            GC.GetGCMemoryInfo().TotalAvailableMemoryBytes / (1024 * 1024),
            RuntimeInformation.OSDescription,
            RuntimeInformation.FrameworkDescription,
            double.Parse((await File.ReadAllTextAsync("/proc/loadavg")).Split(' ')[0], CultureInfo.InvariantCulture)
        );

    public override string ToString() =>
        string.Create(
            CultureInfo.InvariantCulture,
            $"commit {Commit}, {Cores} cores of {Processor}, {MemoryMegabytes / 1024.0:F0} GB, {Kernel}, {Runtime}, load before {Load:F1}"
        );

    private static async Task<string> GitAsync(params string[] arguments)
    {
        var start = new ProcessStartInfo("git", ["-C", SourceTree.Root, .. arguments])
        {
            RedirectStandardOutput = true,
            UseShellExecute = false,
        };
        using var git = Process.Start(start) ?? throw new InvalidOperationException("git did not start.");
        var said = await git.StandardOutput.ReadToEndAsync();
        await git.WaitForExitAsync();
        return said.Trim();
    }
}
