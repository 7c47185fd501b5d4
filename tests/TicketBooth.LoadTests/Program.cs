using System.Globalization;
using TicketBooth.LoadTests;
using TicketBooth.Testing;

HostProcess.Echo = true;

int Number(int position, int otherwise) => args.Length > position ? int.Parse(args[position], CultureInfo.InvariantCulture) : otherwise;

switch (args.FirstOrDefault())
{
    case "sell-out":
        return await SellOut.RunAsync(buyers: Number(1, 200), tickets: Number(2, 10_000));
    case "bench":
        return await Bench.RunAsync(connections: Number(1, 100), seconds: Number(2, 8), distributed: args.Contains("distributed"));
    case "adjust":
        return await Adjustment.RunAsync();
    case "dashboard":
        return await Dashboard.RunAsync(orders: Number(1, 1_000_000));
    default:
        Console.Error.WriteLine("Usage: TicketBooth.LoadTests sell-out [buyers] [tickets] | bench [connections] [seconds] [distributed] | adjust | dashboard [orders]   (bench needs wrk)");
        return 2;
}
