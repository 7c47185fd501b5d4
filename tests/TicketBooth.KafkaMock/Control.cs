using System.Globalization;
using System.Net;
using System.Net.Sockets;
using Confluent.Kafka;

namespace TicketBooth.KafkaMock;

/// <summary>
/// Steers a cluster from another process: lines over TCP on 127.0.0.1, each answered by a line, <c>ok</c> or <c>error …</c>.
/// <c>status</c> (up or down), <c>down [broker]</c>, <c>up [broker]</c>, <c>delay broker milliseconds</c>, <c>topic name partitions</c>,
/// <c>leader topic partition broker</c>, <c>coordinator group broker</c>, <c>fail request code…</c>, <c>unfail request</c>; brokers count from 1,
/// requests and codes are the protocol's numbers.
/// </summary>
public sealed class Control : IDisposable
{
    private readonly MockKafkaCluster cluster;
    private readonly TcpListener listener = new(IPAddress.Loopback, 0);

    public Control(MockKafkaCluster cluster)
    {
        this.cluster = cluster;
        listener.Start();
    }

    public int Port => ((IPEndPoint)listener.LocalEndpoint).Port;

    /// <summary>Serves connections until it is stopped.</summary>
    public async Task RunAsync(CancellationToken stop)
    {
        try
        {
            while (true)
            {
                _ = ServeAsync(await listener.AcceptTcpClientAsync(stop), stop);
            }
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            // This is how it ends.
        }
    }

    public void Dispose() => listener.Dispose();

    private async Task ServeAsync(TcpClient client, CancellationToken stop)
    {
        try
        {
            using var reader = new StreamReader(client.GetStream());
            await using var writer = new StreamWriter(client.GetStream()) { AutoFlush = true };
            while (await reader.ReadLineAsync(stop) is { } line)
            {
                await writer.WriteLineAsync(Answer(line).AsMemory(), stop);
            }
        }
        catch (Exception exception) when (exception is IOException or OperationCanceledException)
        {
            await Console.Error.WriteLineAsync("A control connection ended: " + exception.Message);
        }
        finally
        {
            client.Dispose();
        }
    }

    private string Answer(string line)
    {
        try
        {
            return Carry(line.Split(' ', StringSplitOptions.RemoveEmptyEntries));
        }
        catch (Exception exception) when (exception is FormatException or OverflowException or InvalidOperationException)
        {
            return "error " + exception.Message;
        }
    }

    private string Carry(string[] words)
    {
        switch (words)
        {
            case ["status"]:
                return cluster.IsDown ? "ok down" : "ok up";
            case ["down"]:
                cluster.Down();
                break;
            case ["down", var broker]:
                cluster.Down(Number(broker));
                break;
            case ["up"]:
                cluster.Up();
                break;
            case ["up", var broker]:
                cluster.Up(Number(broker));
                break;
            case ["delay", var broker, var milliseconds]:
                cluster.RoundTrip(Number(broker), TimeSpan.FromMilliseconds(Number(milliseconds)));
                break;
            case ["topic", var topic, var partitions]:
                cluster.CreateTopic(topic, Number(partitions));
                break;
            case ["leader", var topic, var partition, var broker]:
                cluster.MoveLeader(topic, Number(partition), Number(broker));
                break;
            case ["coordinator", var group, var broker]:
                cluster.MoveCoordinator(group, Number(broker));
                break;
            case ["fail", var request, .. var codes]:
                cluster.FailNext((short)Number(request), [.. codes.Select(code => (ErrorCode)Number(code))]);
                break;
            case ["unfail", var request]:
                cluster.ClearErrors((short)Number(request));
                break;
            default:
                return "error unknown command";
        }

        return "ok";
    }

    private static int Number(string word) => int.Parse(word, CultureInfo.InvariantCulture);
}
