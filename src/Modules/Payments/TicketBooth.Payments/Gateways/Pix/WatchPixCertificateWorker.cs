using TicketBooth.BuildingBlocks.Kernel;
using TicketBooth.Payments.Domain;

namespace TicketBooth.Payments.Gateways.Pix;

/// <summary>Warns every day while the certificate that the provider knows us by is about to end. Each host has a file of its own.</summary>
internal sealed partial class WatchPixCertificateWorker(
    PixCertificates certificates,
    WorkServices services,
    ILogger<WatchPixCertificateWorker> logger
) : PeriodicWork(new WorkSchedule(Interval) { StartsAtOnce = true }, services)
{
    public static readonly TimeSpan Interval = TimeSpan.FromDays(1);

    protected override Task RunRoundAsync(CancellationToken cancellationToken)
    {
        IExpiringCertificate certificate = certificates;
        if (certificate.EndsSoon(Clock.GetUtcNow()))
        {
            LogEndsSoon(logger, certificate.Setting, certificate.ExpiresAt);
        }

        return Task.CompletedTask;
    }

    [LoggerMessage(
        EventId = 5053,
        Level = LogLevel.Warning,
        Message = "{Setting} expires at {ExpiresAt}: nobody can pay by Pix from then on"
    )]
    private static partial void LogEndsSoon(ILogger logger, string setting, DateTimeOffset expiresAt);
}
