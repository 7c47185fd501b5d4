namespace TicketBooth.Gateways;

/// <summary>Runs one gateway's stand-in as a process: the first argument names it. It prints its address, and ends with its standard input.</summary>
public static class Program
{
    private static readonly Dictionary<string, Func<string[], Task<IAsyncDisposable>>> Gateways = new(StringComparer.Ordinal)
    {
        ["pix"] = Pix.PixProgram.StartAsync,
        ["stripe"] = Stripe.StripeProgram.StartAsync,
    };

    public static async Task<int> Main(string[] args)
    {
        if (args is not [var name, ..] || !Gateways.TryGetValue(name, out var start))
        {
            await Console.Error.WriteLineAsync($"Name a gateway: {string.Join(", ", Gateways.Keys)}");
            return 2;
        }

        await using var gateway = await start(args[1..]);

        // A gateway whose starter is gone has nobody left to serve.
        while (await Console.In.ReadLineAsync() is not null) { }

        return 0;
    }
}
