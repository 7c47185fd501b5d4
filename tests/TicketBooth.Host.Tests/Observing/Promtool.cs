using System.Diagnostics;
using TicketBooth.Testing;

namespace TicketBooth.Host.Tests.Observing;

/// <summary>Prometheus' own tool for checks.</summary>
internal static class Promtool
{
    private const string Program = "/usr/bin/promtool";

    /// <returns>The exit code, and what it said.</returns>
    public static async Task<(int ExitCode, string Said)> RunAsync(string input, params string[] arguments)
    {
        await InstallAsync();
        var start = new ProcessStartInfo(Program, arguments)
        {
            WorkingDirectory = Path.Combine(SourceTree.Root, "docker", "prometheus"),
            UseShellExecute = false,
            RedirectStandardInput = true,
            RedirectStandardError = true,
            RedirectStandardOutput = true,
        };
        using var promtool = Process.Start(start)!;
        var (output, errors) = (promtool.StandardOutput.ReadToEndAsync(), promtool.StandardError.ReadToEndAsync());
        await promtool.StandardInput.WriteAsync(input);
        promtool.StandardInput.Close();
        await promtool.WaitForExitAsync();
        return (promtool.ExitCode, await output + await errors);
    }

    private static async Task InstallAsync()
    {
        if (File.Exists(Program))
        {
            return;
        }

        if (!File.Exists("/usr/bin/apt-get") || !Environment.IsPrivilegedProcess)
        {
            Assert.Ignore("There is no promtool, and it cannot be installed here: that needs Debian or Ubuntu, and root.");
        }

        using var install = Process.Start(Path.Combine(SourceTree.Root, "tests", "servers"), ["install", "prometheus"]);
        await install.WaitForExitAsync();
    }
}
