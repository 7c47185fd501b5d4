using System.Diagnostics;
using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using TicketBooth.Testing;

namespace TicketBooth.Host.Tests;

/// <summary>The requests in http/, read by the grammar that Visual Studio, Rider and httpyac share, and sent to a host.</summary>
public sealed partial class HttpFilesTests
{
    private static readonly string Folder = Path.Combine(SourceTree.Root, "http");

    private string written = null!;
    private TestHost host = null!;

    [OneTimeSetUp]
    public async Task Prepare()
    {
        host = await TestHost.StartAsync();
        written = Directory.CreateTempSubdirectory("ticketbooth-http-").FullName;
        var start = new ProcessStartInfo(Path.Combine(Folder, "prepare"), [host.Address.ToString().TrimEnd('/'), written]) { UseShellExecute = false, RedirectStandardError = true };
        start.Environment["ADMIN_EMAIL"] = TestUsers.AdminEmail;
        start.Environment["ADMIN_PASSWORD"] = TestUsers.AdminPassword;
        using var prepare = Process.Start(start)!;
        var complaints = await prepare.StandardError.ReadToEndAsync();
        await prepare.WaitForExitAsync();
        Assert.That(prepare.ExitCode, Is.Zero, complaints);
    }

    [OneTimeTearDown]
    public async Task Stop()
    {
        await host.DisposeAsync();
        Directory.Delete(written, recursive: true);
    }

    [TestCase("accounts")]
    [TestCase("events")]
    [TestCase("counter")]
    [TestCase("orders")]
    [TestCase("payments")]
    [TestCase("prices")]
    [TestCase("dashboard")]
    [TestCase("door")]
    public async Task Every_request_is_understood_and_answered(string file)
    {
        var text = await File.ReadAllTextAsync(Path.Combine(Folder, file + ".http"));
        Assert.That(text, Does.Not.Contain("{%").And.Not.Contain("# @").And.Not.Contain("response."), "one of the three does not read this");
        var variables = Variables("http-client.env.json.user");
        Assert.That(Variables("http-client.private.env.json"), Is.EqualTo(variables), "the programs look in different files");
        variables["$guid"] = Guid.CreateVersion7().ToString();
        variables["$timestamp"] = DateTimeOffset.UnixEpoch.AddDays(20_000).ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture);

        foreach (var request in Separator().Split(text).Skip(1))
        {
            using var message = Read(request, variables);
            using var answer = await host.Client.SendAsync(message, HttpCompletionOption.ResponseHeadersRead);
            Assert.That((int)answer.StatusCode, Is.InRange(200, 299), $"{file}: {request}");
        }
    }

    [Test]
    public void No_file_is_left_out() =>
        Assert.That(
            Directory.GetFiles(Folder, "*.http").Select(Path.GetFileNameWithoutExtension),
            Is.EquivalentTo(new[] { "accounts", "events", "counter", "orders", "payments", "prices", "dashboard", "door" }));

    private static HttpRequestMessage Read(string request, Dictionary<string, string> variables)
    {
        var lines = Variable().Replace(request, match => variables[match.Groups["name"].Value]).Split('\n').Skip(1).ToList();
        var blank = lines.IndexOf("");
        var head = blank < 0 ? lines : lines[..blank];
        var line = head[0].Split(' ');
        var message = new HttpRequestMessage(new HttpMethod(line[0]), line[1]);
        var body = blank < 0 ? "" : string.Join('\n', lines[blank..]).Trim();
        if (body.Length > 0)
        {
            message.Content = new StringContent(body, Encoding.UTF8, "application/json");
        }

        foreach (var header in head.Skip(1).Select(text => text.Split(": ", 2)).Where(header => header[0] != "Content-Type"))
        {
            Assert.That(message.Headers.TryAddWithoutValidation(header[0], header[1]), Is.True, header[0]);
        }

        return message;
    }

    private Dictionary<string, string> Variables(string file) =>
        JsonNode.Parse(File.ReadAllText(Path.Combine(written, file)))!["dev"]!.AsObject()
            .ToDictionary(variable => variable.Key, variable => (string)variable.Value!, StringComparer.Ordinal);

    [GeneratedRegex("^###", RegexOptions.Multiline, matchTimeoutMilliseconds: 10_000)]
    private static partial Regex Separator();

    [GeneratedRegex(@"\{\{(?<name>[^}]+)\}\}", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 10_000)]
    private static partial Regex Variable();
}
