namespace TicketBooth.Gateways.Callbacks;

public sealed record CallbackSenderOptions
{
    /// <summary>The pauses between attempts; after the last one nothing is tried again. In all half a minute, so that a host may start anew.</summary>
    public IReadOnlyList<TimeSpan> RetryDelays { get; init; } =
        [.. new[] { 50, 100, 200, 400, 800, 1600, 3000, 3000, 3000, 5000, 5000, 5000 }.Select(delay => TimeSpan.FromMilliseconds(delay))];

    /// <summary>How long an answer is waited for.</summary>
    public TimeSpan Timeout { get; init; } = TimeSpan.FromSeconds(10);

    public TimeProvider Time { get; init; } = TimeProvider.System;

    /// <summary>For example one with a client certificate. The sender disposes of it.</summary>
    public Func<HttpMessageHandler> Handler { get; init; } = () => new SocketsHttpHandler { AllowAutoRedirect = false };
}
