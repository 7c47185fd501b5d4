using System.Diagnostics;
using System.Reflection;
using System.Text.RegularExpressions;

namespace TicketBooth.ArchitectureTests;

/// <summary>Compiles guilty code with the compiler, the analyzer and the list that every project under src is compiled with.</summary>
public sealed partial class BannedSymbolTests
{
    private static readonly string[] Guilty =
    [
        "DateTime.UtcNow",
        "DateTime.Now",
        "DateTime.Today",
        "DateTimeOffset.UtcNow",
        "DateTimeOffset.Now",
        "Guid.NewGuid()",
        "Guid.CreateVersion7()",
        "typeof(MassTransit.IBus)",
        "typeof(MassTransit.IPublishEndpoint)",
        "typeof(MassTransit.ISendEndpointProvider)",
        "Task.FromResult(1).Result",
        "new Action(() => Task.CompletedTask.Wait())",
    ];

    private static readonly string[] Innocent = ["TimeProvider.System.GetUtcNow()", "Guid.CreateVersion7(TimeProvider.System.GetUtcNow())"];

    private IReadOnlyDictionary<string, string> refused = null!;

    [OneTimeSetUp]
    public async Task CompileAsync() => refused = await RefusedAsync([.. Guilty, .. Innocent]);

    [TestCaseSource(nameof(Guilty))]
    public void The_compiler_refuses(string expression) => Assert.That(refused.GetValueOrDefault(expression), Is.EqualTo("RS0030"));

    [TestCaseSource(nameof(Innocent))]
    public void The_compiler_takes(string expression) => Assert.That(refused, Does.Not.ContainKey(expression));

    /// <summary>The expressions with the id of the error that the compiler reports in their line.</summary>
    private static async Task<Dictionary<string, string>> RefusedAsync(IReadOnlyList<string> expressions)
    {
        var code = "using System; using System.Threading.Tasks; public static class Code {\n"
            + string.Concat(expressions.Select((expression, number) => $"public static object M{number}() => {expression};\n")) + "}\n";
        using var tree = new Tree(("guilty.cs", code), ("csc.rsp", string.Join('\n', Arguments())));
        using var compiler = Process.Start(new ProcessStartInfo(Environment.ProcessPath!, ["exec", Built("Compiler"), "/noconfig", "@csc.rsp"])
        {
            WorkingDirectory = tree.Root,
            RedirectStandardOutput = true,
            UseShellExecute = false,
        })!;
        var output = await compiler.StandardOutput.ReadToEndAsync();
        await compiler.WaitForExitAsync();
        var faults = Fault().Matches(output).Select(match => (Line: int.Parse(match.Groups["line"].ValueSpan, System.Globalization.CultureInfo.InvariantCulture), Id: match.Groups["id"].Value)).ToList();
        Assert.That(faults.Where(fault => fault.Id.StartsWith("CS", StringComparison.Ordinal)), Is.Empty, "The code must compile but for the analyzer:\n" + output);
        return faults.DistinctBy(fault => fault.Line).ToDictionary(fault => expressions[fault.Line - 2], fault => fault.Id, StringComparer.Ordinal);
    }

    private static IEnumerable<string> Arguments() =>
    [
        "/target:library",
        "/out:guilty.dll",
        "/warnaserror+:RS0030",
        $"/additionalfile:\"{Path.Combine(Repository.Root, "BannedSymbols.txt")}\"",
        .. Directory.GetFiles(Built("Analyzers"), "*.dll").Select(file => $"/analyzer:\"{file}\""),
        .. ((string)AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES")!).Split(Path.PathSeparator).Select(file => $"/reference:\"{file}\""),
        "guilty.cs",
    ];

    /// <summary>Where the build of these tests found something.</summary>
    private static string Built(string what) => typeof(BannedSymbolTests).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().Single(attribute => attribute.Key == what).Value!;

    [GeneratedRegex(@"^guilty\.cs\((?<line>\d+),\d+\): error (?<id>\w+):", RegexOptions.ExplicitCapture | RegexOptions.Multiline, matchTimeoutMilliseconds: 60_000)]
    private static partial Regex Fault();
}
