using System.Net;
using System.Net.Sockets;
using System.Text;
using TicketBooth.LoadTests.Loads;

namespace TicketBooth.Host.Tests.Measuring;

/// <summary>The generator of a fixed rate sees what a slow server does to those who come meanwhile.</summary>
public sealed class OpenLoopTests
{
    private static readonly TimeSpan pause = TimeSpan.FromMilliseconds(300);

    [Test]
    public async Task A_server_that_stands_still_is_seen_by_every_request_that_was_due_meanwhile()
    {
        using var server = new TcpListener(IPAddress.Loopback, 0);
        server.Start();
        var serving = AnswerAsync(server, requests: 10);
        var loop = new OpenLoop(new Uri($"http://{server.LocalEndpoint}"), rate: 100, TimeSpan.FromMilliseconds(100), connections: 1);
        var bodies = new List<string>();
        var result = await loop.RunAsync(
            number => Request.Get("look", $"/{number}"),
            (_, answer) => bodies.Add(Encoding.UTF8.GetString(answer.Body))
        );
        await serving;
        Assert.Multiple(() =>
        {
            Assert.That(result.All, Has.Count.EqualTo(10));
            Assert.That(result.Count("look", 200), Is.EqualTo(10));
            Assert.That(bodies, Is.All.EqualTo("wide open"));

            // The first one was answered after the pause. The second one was due 10 ms later and had to wait for it.
            Assert.That(result.All[1].Time, Is.GreaterThan(pause - TimeSpan.FromMilliseconds(50)));
            Assert.That(result.Times().Within(0.5), Is.GreaterThan(TimeSpan.FromMilliseconds(200)));
        });
    }

    /// <summary>Stands still before the first answer. Answers in turns with a length and in chunks.</summary>
    private static async Task AnswerAsync(TcpListener server, int requests)
    {
        using var connection = await server.AcceptTcpClientAsync();
        await using var stream = connection.GetStream();
        using var reader = new StreamReader(stream, Encoding.ASCII, leaveOpen: true);
        for (var number = 0; number < requests; number++)
        {
            while (await reader.ReadLineAsync() is not ("" or null))
            {
                // The lines of the request.
            }

            await Task.Delay(number == 0 ? pause : TimeSpan.Zero);
            var body =
                number % 2 == 0
                    ? "Content-Length: 9\r\n\r\nwide open"
                    : "Transfer-Encoding: chunked\r\n\r\n4\r\nwide\r\n5\r\n open\r\n0\r\n\r\n";
            await stream.WriteAsync(Encoding.ASCII.GetBytes("HTTP/1.1 200 OK\r\n" + body));
        }
    }
}
