using System.Diagnostics;

namespace TicketBooth.Testing.Tests;

/// <summary>tests/servers, with a folder of its own.</summary>
public sealed class ScriptTests
{
    private string folder;

    [SetUp]
    public void Prepare()
    {
        if (!File.Exists("/usr/bin/apt-get") || !Environment.IsPrivilegedProcess)
        {
            Assert.Ignore("tests/servers needs Debian or Ubuntu, and root.");
        }

        folder = Path.Combine(Path.GetTempPath(), "ticketbooth-servers-" + Guid.NewGuid().ToString("N")[..8]);
    }

    [TearDown]
    public async Task Stop() => await RunAsync("stop");

    [Test]
    public async Task Prints_only_settings_and_the_same_ones_again()
    {
        var (code, first) = await RunAsync("start", "redis", "mysql");
        var (_, second) = await RunAsync("start", "redis", "mysql");

        Assert.That(code, Is.Zero);
        Assert.That(second, Is.EqualTo(first));
        var lines = first.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.That(lines, Has.Length.EqualTo(2));
        Assert.That(lines[0], Does.Match(@"^ConnectionStrings__Redis=127\.0\.0\.1:\d+,password=\S+$"));
        Assert.That(lines[1], Does.Match(@"^ConnectionStrings__MySql=Server=127\.0\.0\.1;Port=\d+;User=ticketbooth;Password=\S+;Database=ticketbooth$"));
    }

    [Test]
    public async Task One_server_stops_and_comes_back_at_its_address()
    {
        var (_, before) = await RunAsync("start", "redis");

        var (_, stopped) = await RunAsync("stop", "redis");
        var (downCode, down) = await RunAsync("status", "redis");
        var (_, after) = await RunAsync("start", "redis");
        var (upCode, up) = await RunAsync("status", "redis");

        Assert.That(stopped, Is.Empty);
        Assert.That((downCode, down), Is.EqualTo((1, "redis does not answer\n")));
        Assert.That(after, Is.EqualTo(before));
        Assert.That((upCode, up), Is.EqualTo((0, "redis answers\n")));
    }

    [Test]
    public async Task Stop_leaves_nothing_behind()
    {
        await RunAsync("start", "redis", "kafka");

        var (code, output) = await RunAsync("stop");
        var (status, _) = await RunAsync("status");

        Assert.That((code, output, status), Is.EqualTo((0, "", 1)));
        Assert.That(Directory.Exists(folder), Is.False);
        using var find = Process.Start(new ProcessStartInfo("pgrep", ["-f", folder]) { UseShellExecute = false, RedirectStandardOutput = true })!;
        Assert.That(await find.StandardOutput.ReadToEndAsync(), Is.Empty);
    }

    [Test]
    public async Task Knows_its_servers_by_name()
    {
        var (code, output) = await RunAsync("start", "postgres");

        Assert.That((code, output), Is.EqualTo((1, "")));
        Assert.That(Directory.Exists(folder), Is.False);
    }

    private async Task<(int Code, string Output)> RunAsync(params string[] arguments)
    {
        var start = new ProcessStartInfo(Path.Combine(SourceTree.Root, "tests", "servers"), arguments) { UseShellExecute = false, RedirectStandardOutput = true };
        start.Environment["TICKETBOOTH_SERVERS"] = folder;
        using var process = Process.Start(start)!;
        var output = await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync();
        return (process.ExitCode, output);
    }
}
