using Microsoft.Extensions.Options;
using TicketBooth.BuildingBlocks.Kernel;
using TicketBooth.Notifications.Composing;
using TicketBooth.Notifications.Contracts;
using TicketBooth.Notifications.Domain;
using TicketBooth.Notifications.Storage;

namespace TicketBooth.Notifications.Sending;

/// <summary>Sends what is due, one mail after the other and at the pace of the settings.</summary>
internal sealed partial class SendMailsWorker(
    IServiceScopeFactory scopes,
    IMailCarrier carrier,
    IOptions<NotificationsOptions> options,
    WorkServices services,
    ILogger<SendMailsWorker> logger
)
    : PeriodicWork(
        new WorkSchedule(TimeSpan.FromSeconds(1))
        {
            Lease = "notifications-send-mails",
            Timeout = MailQueue.LongestTry,
            LeaseTime = TimeSpan.FromSeconds(30),
        },
        services
    )
{
    // As many as accounts can be asked for at once.
    private const int AtOnce = 200;

    private static readonly TimeSpan PauseBeforeWhatIsNotKnown = TimeSpan.FromSeconds(5);

    private SendingPace? pace;

    protected override async Task RunRoundAsync(CancellationToken cancellationToken)
    {
        pace ??= new SendingPace(options.Value.PerMinute, Clock);
        var allowed = Math.Min(AtOnce, pace.Allowed());
        if (allowed == 0)
        {
            return;
        }

        await using var scope = scopes.CreateAsyncScope();
        var queue = scope.ServiceProvider.GetRequiredService<MailQueue>();
        var now = Clock.GetUtcNow();
        var due = await queue.FindDueAsync(allowed, now, cancellationToken);
        if (due.Count == 0)
        {
            return;
        }

        // Before the mails are taken: while there is no way to the server, none of them has been tried.
        await using var run = await carrier.BeginAsync(cancellationToken);
        var mails = await queue.ClaimAsync(due, Guid.CreateVersion7(now), now, cancellationToken);
        if (mails.Count == 0)
        {
            return;
        }

        var loader = scope.ServiceProvider.GetRequiredService<MailFactsLoader>();
        var all = await loader.GatherAsync(mails, cancellationToken);
        await EachAsync(mails, (mail, ct) => DeliverAsync(scope.ServiceProvider, run, mail, all, ct), cancellationToken);
    }

    private async Task DeliverAsync(
        IServiceProvider services,
        IMailRun run,
        MailRow mail,
        Gathered all,
        CancellationToken cancellationToken
    )
    {
        var queue = services.GetRequiredService<MailQueue>();
        if (mail.Tries > RetryRules.MostTries)
        {
            // Each try before ended without a word, as a host that is killed ends.
            await queue.FailAsync(mail, mail.Email, mail.Failure ?? "No try has ended.", isFinal: true, Clock.GetUtcNow());
            return;
        }

        if (!run.IsOpen)
        {
            // A mail before has shown it; this one has not been tried.
            await queue.PostponeAsync(mail, Clock.GetUtcNow() + PauseBeforeWhatIsNotKnown);
            return;
        }

        var facts = await services.GetRequiredService<MailFactsLoader>().OfAsync(mail, all, cancellationToken);
        var address = all.AddressOf(mail);
        switch (Decide(mail, facts, address, all))
        {
            case Delivery.Skip:
                await queue.EndAsync(mail, MailState.Skipped, address, facts.Language, Clock.GetUtcNow());
                return;
            case Delivery.Wait:
                await queue.PostponeAsync(mail, Clock.GetUtcNow() + PauseBeforeWhatIsNotKnown);
                return;
        }

        pace!.Use(1);
        await SendAsync(services, run, mail, facts, address!, cancellationToken);
    }

    private Delivery Decide(MailRow mail, MailFacts facts, string? address, Gathered all)
    {
        if (address is null || (mail.OrderId is not null && facts is { Order: null } or { Order: not null, Event: null }))
        {
            // An account that is gone, or an order that ended long ago.
            return Delivery.Skip;
        }

        return facts.Order is { } order
            ? DeliveryRules.Decide(
                mail.Kind,
                new OrderSituation(
                    order.State,
                    order.IsPaying,
                    AwaitsPixCode: order is { IsPaying: true, IsByPix: true } && facts.PixCode is null,
                    AwaitsTickets: facts.Tickets is null,
                    order.ExpiresAt,
                    order.EndedAt,
                    facts.Event!.IsCanceled,
                    all.Canceled.TryGetValue(order.EventId, out var at) ? at : null
                ),
                mail.CreatedAt,
                Clock.GetUtcNow()
            )
            : Delivery.Send;
    }

    private async Task SendAsync(
        IServiceProvider services,
        IMailRun run,
        MailRow mail,
        MailFacts facts,
        string address,
        CancellationToken cancellationToken
    )
    {
        var queue = services.GetRequiredService<MailQueue>();
        if (MailMessages.ReceiverOf(facts.Name, address) is not { } receiver)
        {
            LogRefused(logger, mail.Number, mail.Kind, mail.Tries, isFinal: true);
            await queue.FailAsync(mail, address, "No mail goes to such an address.", isFinal: true, Clock.GetUtcNow());
            return;
        }

        var composed = services.GetRequiredService<MailComposer>().Compose(facts);
        using var message = services.GetRequiredService<MailMessages>().Build(mail, composed, receiver, facts.Tickets ?? []);
        try
        {
            await run.SendAsync(message, cancellationToken);
        }
        catch (MailRefusedException refused)
        {
            LogRefused(logger, mail.Number, mail.Kind, mail.Tries, refused.IsFinal);
            await queue.FailAsync(mail, address, refused.Message, refused.IsFinal, Clock.GetUtcNow());
            return;
        }

        if (
            !await queue.EndAsync(mail, MailState.Sent, address, facts.Language, Clock.GetUtcNow()) && await queue.IsForgottenAsync(mail)
        )
        {
            await carrier.ForgetAsync(new HashSet<string>([address], StringComparer.OrdinalIgnoreCase), CancellationToken.None);
        }
    }

    [LoggerMessage(
        EventId = 7002,
        Level = LogLevel.Warning,
        Message = "The mail {Number} ({Kind}) was refused at try {Tries}, for good: {IsFinal}"
    )]
    private static partial void LogRefused(ILogger logger, long number, string kind, int tries, bool isFinal);
}
