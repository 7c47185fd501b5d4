using System.Collections.Concurrent;
using System.Diagnostics;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using TicketBooth.Testing;

namespace TicketBooth.Host.Tests.Clients;

/// <summary>
/// Holds what was said over HTTP against the OpenAPI document, with the validation of Prism's proxy: one process of Node.js beside the tests.
/// </summary>
internal sealed partial class Prism : IAsyncDisposable
{
    private const int LookedAt = 2;

    private readonly ConcurrentDictionary<string, int> seen = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, ConcurrentQueue<Task<string?>>> looks = new(StringComparer.Ordinal);
    private readonly SemaphoreSlim turn = new(1);
    private readonly Lazy<Task<Process>> process = new(StartAsync);

    /// <summary>
    /// Notes an exchange of a test. The test goes on at once; what is found is in <see cref="FoundAsync"/>. Of each kind of exchange the
    /// first few are looked at, for the races send thousands.
    /// </summary>
    public async Task NoteAsync(string testId, HttpRequestMessage request, byte[]? body, HttpResponseMessage answer)
    {
        var path = request.RequestUri!.AbsolutePath;
        if (!path.StartsWith("/api/", StringComparison.Ordinal) || request.Method == HttpMethod.Head || request.Method == HttpMethod.Options)
        {
            return;
        }

        // A stream is not read here: it has no end.
        var told = answer.Content.Headers.ContentType?.MediaType == "text/event-stream" ? ": an event stream" : await ReadAsync(answer);
        var kind = $"{request.Method} {Id().Replace(path, "{}")} {(int)answer.StatusCode} {Code().Match(told).Value}";
        if (seen.AddOrUpdate(kind, 1, (_, times) => times + 1) <= LookedAt)
        {
            var exchange = ExchangeOf(request, body, answer, told);
            looks
                .GetOrAdd(testId, _ => new ConcurrentQueue<Task<string?>>())
                .Enqueue(
                    Task.Run(async () =>
                    {
                        var violations = await FindViolationsAsync(exchange);
                        return violations.Length == 0 ? null : $"{request.Method} {path} {(int)answer.StatusCode}: {string.Join("; ", violations)}";
                    })
                );
        }
    }

    /// <summary>The violations in the exchanges of a test.</summary>
    public async Task<IReadOnlyList<string>> FoundAsync(string testId) =>
        looks.TryGetValue(testId, out var started) ? [.. (await Task.WhenAll(started)).OfType<string>()] : [];

    public async Task<string[]> FindViolationsAsync(string exchange)
    {
        await turn.WaitAsync();
        try
        {
            var prism = await process.Value;
            await prism.StandardInput.WriteLineAsync(exchange);
            await prism.StandardInput.FlushAsync();
            var violations = await prism.StandardOutput.ReadLineAsync() ?? throw new AssertionException("Prism's validation has ended.");
            return JsonSerializer.Deserialize<string[]>(violations)!;
        }
        finally
        {
            turn.Release();
        }
    }

    /// <summary>An exchange as the process reads it.</summary>
    public static string ExchangeOf(HttpRequestMessage request, byte[]? body, HttpResponseMessage answer, string told) =>
        JsonSerializer.Serialize(
            new
            {
                method = request.Method.Method,
                url = request.RequestUri!.PathAndQuery,
                headers = Flat(request.Headers, request.Content?.Headers),
                body = body is null ? "" : Encoding.UTF8.GetString(body),
                status = (int)answer.StatusCode,
                answerHeaders = Flat(answer.Headers, answer.Content.Headers),
                answer = told,
            }
        );

    public async ValueTask DisposeAsync()
    {
        if (process.IsValueCreated)
        {
            using var prism = await process.Value;
            prism.StandardInput.Close();
            await prism.WaitForExitAsync();
            Directory.Delete(prism.StartInfo.WorkingDirectory, recursive: true);
        }

        turn.Dispose();
    }

    private static async Task<Process> StartAsync()
    {
        var folder = await NodeTools.NewFolderAsync();
        await using (var host = await TestHost.StartAsync())
        {
            using var client = new HttpClient { BaseAddress = host.Address };
            await File.WriteAllTextAsync(Path.Combine(folder, "openapi.json"), await client.GetStringAsync("/openapi/v1.json"));
        }

        return Process.Start(
            new ProcessStartInfo("node", ["violations.mjs", "openapi.json"])
            {
                WorkingDirectory = folder,
                UseShellExecute = false,
                RedirectStandardInput = true,
                RedirectStandardOutput = true,
            }
        )!;
    }

    /// <summary>The answer's text, which the test can then read too.</summary>
    private static async Task<string> ReadAsync(HttpResponseMessage answer)
    {
        await answer.Content.LoadIntoBufferAsync();
        return await answer.Content.ReadAsStringAsync();
    }

    private static Dictionary<string, string> Flat(HttpHeaders headers, HttpHeaders? more) =>
        headers
            .Concat(more?.AsEnumerable() ?? [])
            .ToDictionary(header => header.Key.ToLowerInvariant(), header => string.Join(", ", header.Value), StringComparer.Ordinal);

    [GeneratedRegex("[0-9a-fA-F]{8}-[0-9a-fA-F-]{27}|(?<=/)[0-9]+", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 60_000)]
    private static partial Regex Id();

    [GeneratedRegex("\"code\":\"[^\"]+\"", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 60_000)]
    private static partial Regex Code();
}
