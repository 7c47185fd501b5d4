using TicketBooth.Host.Verbs;

namespace TicketBooth.Host.Tests;

/// <summary>
/// The host's command line in this process, which spares the start of another one: the way of Program.cs, but for the console. Whatever
/// servers the environment has exported are none of its business.
/// </summary>
internal static class HostCommand
{
    public static readonly string[] NoServers =
        ["--ConnectionStrings:MongoDb=", "--ConnectionStrings:MySql=", "--ConnectionStrings:Redis=", "--ConnectionStrings:Kafka="];

    public static async Task<(int ExitCode, string Output, string Errors)> RunAsync(string folder, params string[] words)
    {
        string[] environment = words.Any(word => word.StartsWith("--environment", StringComparison.Ordinal)) ? [] : ["--environment=Development"];
        await using var output = new StringWriter();
        await using var errors = new StringWriter();
        var exitCode = await CommandLine.RunAsync([.. NoServers, $"--Storage:Path={folder}", .. environment, .. words], output, errors);
        return (exitCode, output.ToString(), errors.ToString());
    }

    /// <summary>The verb <c>audit</c> on the files of a host, which may run meanwhile.</summary>
    public static async Task<(int ExitCode, string Output)> AuditAsync(string folder)
    {
        var (exitCode, output, errors) = await RunAsync(folder, "audit");
        return (exitCode, output + errors);
    }
}
