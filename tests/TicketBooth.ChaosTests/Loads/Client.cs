using System.Diagnostics;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;
using System.Text.Json.Nodes;
using TicketBooth.ChaosTests.Houses;
using TicketBooth.ChaosTests.Reports;

namespace TicketBooth.ChaosTests.Loads;

/// <summary>
/// Somebody at a keyboard: asks one thing after the other, asks another host when one does not answer, signs in again when told so, and
/// remembers for how long nothing worked.
/// </summary>
internal sealed class Client(IHouse house, Outages outages, string email, string password, int number) : IDisposable
{
    private static readonly TimeSpan pauseAfterFailure = TimeSpan.FromMilliseconds(200);

    // As nginx does with its servers.
    private static readonly TimeSpan avoided = TimeSpan.FromSeconds(2);

    private readonly HttpClient http = new(new SocketsHttpHandler { ConnectTimeout = TimeSpan.FromSeconds(5) })
    {
        // Longer than any fault lasts: how long an answer took is measured.
        Timeout = TimeSpan.FromSeconds(90),
    };

    private readonly Outage outage = outages.Of(number);
    private readonly Dictionary<Uri, long> failed = [];
    private int host = number;
    private string? token;

    public Guid Id { get; private set; }

    /// <summary>Signs up, if need be.</summary>
    public async Task ArriveAsync(bool isNew, CancellationToken stop)
    {
        if (isNew)
        {
            var signedUp = await UntilAnsweredAsync(
                () => SendAsync(HttpMethod.Post, "/api/v1/accounts", new { name = "Buyer", email, password }, isSignedIn: false),
                stop
            );
            // 409: of a request that was done and not answered.
            if (!signedUp.IsDone && signedUp.Status != 409)
            {
                throw new InvalidOperationException($"Signing up: {signedUp}");
            }
        }

        Id = (Guid)(await UntilDoneAsync(HttpMethod.Get, "/api/v1/accounts/me", null, stop)).Body["id"]!;
    }

    /// <summary>Asks once.</summary>
    public async Task<Answer> SendAsync(HttpMethod method, string path, object? body = null, string? key = null, bool isSignedIn = true)
    {
        if (isSignedIn && token is null && await SignInAsync() is { } failed)
        {
            return failed;
        }

        var answer = await TryAsync(method, path, body, key, isSignedIn);
        if (answer.Status != 401 || !isSignedIn)
        {
            return answer;
        }

        // Not by this token: the clock went on, or back.
        token = null;
        return await SignInAsync() ?? await TryAsync(method, path, body, key, isSignedIn);
    }

    /// <summary>Asks again until there is an answer that is no 5xx. Only for what may be repeated.</summary>
    public Task<Answer> UntilAnsweredAsync(HttpMethod method, string path, object? body, CancellationToken stop, string? key = null) =>
        UntilAnsweredAsync(() => SendAsync(method, path, body, key), stop);

    /// <summary>Asks again until it is done.</summary>
    public async Task<Answer> UntilDoneAsync(HttpMethod method, string path, object? body, CancellationToken stop, string? key = null)
    {
        var answer = await UntilAnsweredAsync(method, path, body, stop, key);
        return answer.IsDone ? answer : throw new InvalidOperationException($"{method} {path}: {answer}");
    }

    public void Dispose() => http.Dispose();

    private static async Task<Answer> UntilAnsweredAsync(Func<Task<Answer>> ask, CancellationToken stop)
    {
        while (true)
        {
            var answer = await ask();
            if (!answer.IsOpen)
            {
                return answer;
            }

            stop.ThrowIfCancellationRequested();
        }
    }

    private async Task<Answer?> SignInAsync()
    {
        var answer = await TryAsync(HttpMethod.Post, "/api/v1/accounts/token", new { email, password }, key: null, isSignedIn: false);
        token = (string?)answer.Body["accessToken"];
        return answer.IsDone ? null
            // A wrong password is no answer to what was asked.
            : answer.IsOpen ? answer
            : throw new InvalidOperationException($"Signing {email} in: {answer}");
    }

    private async Task<Answer> TryAsync(HttpMethod method, string path, object? body, string? key, bool isSignedIn)
    {
        var asked = Stopwatch.GetTimestamp();
        var address = Choose();
        try
        {
            using var request = new HttpRequestMessage(method, new Uri(address, path))
            {
                Content = body is null ? null : JsonContent.Create(body),
            };
            request.Headers.Authorization = isSignedIn ? new AuthenticationHeaderValue("Bearer", token) : null;
            if (key is not null)
            {
                request.Headers.Add("Idempotency-Key", key);
            }

            using var response = await http.SendAsync(request);
            var text = await response.Content.ReadAsStringAsync();
            var answer = new Answer(
                (int)response.StatusCode,
                text.Length > 0 && response.Content.Headers.ContentType?.MediaType?.EndsWith("json", StringComparison.Ordinal) == true
                    ? (JsonObject)JsonNode.Parse(text)!
                    : []
            );
            if (answer.IsOpen)
            {
                await FailedAsync(asked, address);
            }
            else
            {
                outage.Answered(asked);
            }

            if ((int)response.StatusCode is >= 500 and not 503)
            {
                outages.SawFailure($"{method} {path} was answered {answer}");
            }

            return answer;
        }
        catch (Exception silence) when (silence is HttpRequestException or IOException or TaskCanceledException or JsonException)
        {
            await FailedAsync(asked, address);
            return new Answer(null, []);
        }
    }

    /// <summary>One host after the other, but for those that have just failed.</summary>
    private Uri Choose()
    {
        var addresses = house.Addresses;
        for (var tries = addresses.Count; tries > 0; tries--)
        {
            var address = addresses[host++ % addresses.Count];
            if (!failed.TryGetValue(address, out var at) || Stopwatch.GetElapsedTime(at) > avoided)
            {
                return address;
            }
        }

        return addresses[host++ % addresses.Count];
    }

    private async Task FailedAsync(long asked, Uri address)
    {
        outage.Failed(asked);
        failed[address] = Stopwatch.GetTimestamp();
        await Task.Delay(pauseAfterFailure);
    }
}
