using System.Globalization;
using System.Runtime.InteropServices;
using TicketBooth.KafkaMock;

// Runs a mock cluster until it is told to stop, and says where it is: `bootstrap <brokers>` and `control <port>`.
using var stop = new CancellationTokenSource();
using var terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, Stop);
using var interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, Stop);

using var cluster = new MockKafkaCluster();
using var control = new Control(cluster);
await Console.Out.WriteLineAsync("bootstrap " + cluster.Bootstrap);
await Console.Out.WriteLineAsync(string.Create(CultureInfo.InvariantCulture, $"control {control.Port}"));
await control.RunAsync(stop.Token);

void Stop(PosixSignalContext context)
{
    context.Cancel = true;
    stop.Cancel();
}
