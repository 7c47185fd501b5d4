using System.Diagnostics;
using System.Security.Cryptography;
using TicketBooth.Testing;

namespace TicketBooth.Host.Tests.Clients;

/// <summary>
/// The programs of <c>tests/clients</c>, by whom the OpenAPI document is read: installed once by their lock file, into the user's cache, so
/// that a fresh clone finds them there.
/// </summary>
internal static class NodeTools
{
    private static readonly Lazy<Task<string>> Installed = new(InstallAsync);

    private static string Sources => Path.Combine(SourceTree.Root, "tests", "clients");

    /// <summary>Installs them when they are missing; false when that fails, which whoever uses them is told.</summary>
    public static async Task<bool> AreThereAsync()
    {
        await ((Task)Installed.Value).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        return Installed.Value.IsCompletedSuccessfully;
    }

    /// <summary>A folder of its own beside the installed programs, with the files of <c>tests/clients</c>.</summary>
    public static async Task<string> NewFolderAsync()
    {
        var folder = Path.Combine(await Installed.Value, "work", Guid.CreateVersion7().ToString());
        Directory.CreateDirectory(folder);
        foreach (var file in Directory.GetFiles(Sources))
        {
            File.Copy(file, Path.Combine(folder, Path.GetFileName(file)));
        }

        return folder;
    }

    /// <summary>Runs one of the programs, which must succeed; what it printed.</summary>
    public static async Task<string> RunAsync(string folder, string tool, params string[] arguments) =>
        await RunAsync(folder, Path.Combine(await Installed.Value, "node_modules", ".bin", tool), installing: false, arguments);

    public static async Task<string> RunAsync(string folder, string program, bool installing, params string[] arguments)
    {
        using var process = Process.Start(
            new ProcessStartInfo(program, arguments)
            {
                WorkingDirectory = folder,
                UseShellExecute = false,
                RedirectStandardOutput = true,
                RedirectStandardError = true,
                Environment = { ["REDOCLY_TELEMETRY"] = "off", ["NO_COLOR"] = "1", ["REDOCLY_SUPPRESS_UPDATE_NOTICE"] = "true" },
            }
        )!;
        var error = process.StandardError.ReadToEndAsync();
        var output = await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync();
        return process.ExitCode == 0
            ? output + (installing ? "" : await error)
            : throw new AssertionException($"{Path.GetFileName(program)} {string.Join(' ', arguments)} ended with {process.ExitCode}:\n{output}{await error}");
    }

    private static async Task<string> InstallAsync()
    {
        await EnsureNodeAsync();
        var lockFile = await File.ReadAllBytesAsync(Path.Combine(Sources, "package-lock.json"));
        var cache = Environment.GetEnvironmentVariable("XDG_CACHE_HOME") is { Length: > 0 } set
            ? set
            : Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".cache");
        var folder = Path.Combine(cache, "ticketbooth", "clients-" + Convert.ToHexStringLower(SHA256.HashData(lockFile))[..16]);
        if (Directory.Exists(folder))
        {
            return folder;
        }

        // Beside it, and then moved into its place, so that it is there as a whole or not at all.
        var growing = folder + "-" + Guid.CreateVersion7();
        Directory.CreateDirectory(growing);
        foreach (var name in new[] { "package.json", "package-lock.json" })
        {
            File.Copy(Path.Combine(Sources, name), Path.Combine(growing, name));
        }

        try
        {
            await RunAsync(growing, "npm", installing: true, "ci", "--ignore-scripts", "--no-audit", "--no-fund");
        }
        catch (AssertionException failure)
        {
            Directory.Delete(growing, recursive: true);
            Assert.Ignore("The programs of tests/clients cannot be installed here: " + failure.Message);
        }

        try
        {
            Directory.Move(growing, folder);
        }
        catch (IOException) when (Directory.Exists(folder))
        {
            // Another run was faster.
            Directory.Delete(growing, recursive: true);
        }

        return folder;
    }

    private static async Task EnsureNodeAsync()
    {
        var path = (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator);
        if (new[] { "node", "npm" }.All(program => path.Any(folder => File.Exists(Path.Combine(folder, program)))))
        {
            return;
        }

        if (!Environment.IsPrivilegedProcess || !File.Exists("/usr/bin/apt-get"))
        {
            Assert.Ignore("There is no node with npm, and they cannot be installed here: that needs Debian or Ubuntu, and root.");
        }

        await RunAsync(SourceTree.Root, Path.Combine(SourceTree.Root, "tests", "servers"), installing: true, "install", "nodejs", "npm");
    }
}
