namespace TicketBooth.Gateways.Stripe;

/// <summary>Starts the stand-in as <c>stripe [key] [webhook secret] [webhook URL]</c>, and prints its address.</summary>
internal static class StripeProgram
{
    public static async Task<IAsyncDisposable> StartAsync(string[] args)
    {
        var options = new StripeStandInOptions();
        var standIn = await StripeStandIn.StartAsync(options with
        {
            ApiKey = args.ElementAtOrDefault(0) ?? options.ApiKey,
            WebhookSecret = args.ElementAtOrDefault(1) ?? options.WebhookSecret,
            WebhookUrl = args.ElementAtOrDefault(2) is { } url ? new Uri(url) : null,
        });
        await Console.Out.WriteLineAsync($"stripe {standIn.Address}");
        return standIn;
    }
}
