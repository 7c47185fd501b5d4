using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;
using TicketBooth.BuildingBlocks.Kernel;

namespace TicketBooth.Payments.Gateways.Pix;

/// <summary>
/// Has the provider call our webhook: registers its address when another or none is there, once the host serves, and looks again from time
/// to time, because providers drop addresses that failed for long. Hosts that do it together write the same.
/// </summary>
internal sealed partial class RegisterPixWebhookWorker(
    PixApi api,
    IOptions<PixOptions> options,
    IHostApplicationLifetime host,
    WorkServices services,
    ILogger<RegisterPixWebhookWorker> logger
) : PeriodicWork(new WorkSchedule(Interval) { StartsAtOnce = true }, services)
{
    public static readonly TimeSpan Interval = TimeSpan.FromMinutes(5);

    protected override async Task RunRoundAsync(CancellationToken cancellationToken)
    {
        // A provider may try the address before it takes it.
        await ServingAsync(cancellationToken);

        var path = PixGateway.WebhookPathOf(options.Value);
        var there = await api.GetAsync(path, cancellationToken);
        if (!there.IsSuccess && !there.IsNotFound)
        {
            throw NotRegistered(there);
        }

        var url = options.Value.RegisteredUrl;
        if (there.Read(PixDocuments.Default.WebhookAddress)?.Url == url)
        {
            return;
        }

        var reply = await api.SendAsync(
            HttpMethod.Put,
            path,
            new WebhookAddress(url),
            PixDocuments.Default.WebhookAddress,
            cancellationToken
        );
        if (!reply.IsSuccess)
        {
            throw NotRegistered(reply);
        }

        LogRegistered(logger, options.Value.WebhookUrl!);
    }

    private async Task ServingAsync(CancellationToken cancellationToken)
    {
        var serving = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var registration = host.ApplicationStarted.Register(serving.SetResult);
        await serving.Task.WaitAsync(cancellationToken);
    }

    private static InvalidOperationException NotRegistered(PixReply reply) =>
        new(
            $"{PixOptions.Section}:{nameof(PixOptions.WebhookUrl)}: the provider does not call us: "
                + (reply.Failure ?? $"it answered {(int)reply.Status}: {reply.Problem}")
        );

    [LoggerMessage(EventId = 5052, Level = LogLevel.Information, Message = "Pix's provider now calls this host's webhook at {WebhookUrl}")]
    private static partial void LogRegistered(ILogger logger, Uri webhookUrl);
}
