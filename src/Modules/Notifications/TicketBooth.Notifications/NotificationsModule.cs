using Microsoft.Extensions.Configuration;
using TicketBooth.BuildingBlocks.Kernel;
using TicketBooth.BuildingBlocks.Messaging.Batches;
using TicketBooth.BuildingBlocks.Messaging.Modules;
using TicketBooth.BuildingBlocks.Storage.Relational;
using TicketBooth.BuildingBlocks.Web;
using TicketBooth.BuildingBlocks.Web.Mediation;
using TicketBooth.Notifications.Composing;
using TicketBooth.Notifications.Keeping;
using TicketBooth.Notifications.Queueing;
using TicketBooth.Notifications.Sending;
using TicketBooth.Notifications.Storage;
using LinkOptions = TicketBooth.Notifications.Composing.LinkOptions;

namespace TicketBooth.Notifications;

/// <summary>Messages to people: learns from the other modules what happened, and sends mails about it.</summary>
public sealed class NotificationsModule : IModule
{
    public string Name => "Notifications";

    public void AddServices(IServiceCollection services, IConfiguration configuration)
    {
        ArgumentNullException.ThrowIfNull(services);
        ArgumentNullException.ThrowIfNull(configuration);
        services.AddSettings<NotificationsOptions>("Notifications");
        services.AddSettings<SmtpOptions>("Notifications:Smtp");
        services.AddSettings<LinkOptions>("Notifications:Links");
        services.AddSettings<HouseOptions>("House");
        services.AddSlices(typeof(NotificationsModule).Assembly);
        services.AddTables<NotificationsDbContext, MySqlNotificationsDbContext>(configuration, NotificationsDbContext.Module);
        services.AddScoped<MailQueue>();
        services.AddSingleton<MailComposer>();

        services.AddScoped<AccountMails>();
        services.AddScoped<TransferMails>();
        services.AddScoped<KnownEvents>();
        services.AddScoped<BulkTables>();
        services.AddSingleton<IBatchWriter<OrderNews>, OrderNewsWriter>();
        services.AddWorker<QueueBulksWorker>().AddWorker<RemindHoldsWorker>();

        services.AddScoped<ITicketAttachments, PdfOfTickets>();
        services.AddScoped<MailFactsLoader>();
        services.AddSingleton<MailMessages>();
        if (string.IsNullOrWhiteSpace(configuration["Notifications:Smtp:Host"]))
        {
            services.AddSingleton<IMailCarrier, FolderCarrier>();
        }
        else
        {
            services.AddSingleton<IMailCarrier, SmtpCarrier>();
        }

        services.AddWorker<SendMailsWorker>().AddWorker<ForgetMailsWorker>();
    }

    public void AddConsumers(ModuleConsumers consumers)
    {
        ArgumentNullException.ThrowIfNull(consumers);
        consumers
            .Add<MailTokenWhenEmailConfirmationAsked>()
            .Add<MailTokenWhenEmailChangeAsked>()
            .Add<MailFormerAddressWhenEmailChanged>()
            .Add<MailTokenWhenPasswordResetAsked>()
            .Add<MailHolderWhenPasswordChanged>()
            .Add<MailInvitationWhenStaffInvited>()
            .Add<MailHolderWhenSignedInOnNewDevice>()
            .Add<MailReceiverWhenTicketTransferOffered>()
            .Add<MailOwnerWhenTicketTransferAnswered>()
            .Add<QueueMailWhenOrderPlaced>()
            .Add<QueueMailWhenOrderPaid>()
            .Add<EndOrderWhenOrderExpired>()
            .Add<QueueMailWhenOrderCanceled>()
            .Add<QueueMailWhenOrderRefunded>()
            .Add<QueueMailWhenOrderPartlyRefunded>()
            .Add<NotePaymentWhenPaymentStarted>()
            .Add<QueueMailWhenPaymentDeclined>()
            .Add<NoteEventWhenEventPublished>()
            .Add<MailBuyersWhenEventChanged>()
            .Add<MailBuyersWhenEventCanceled>()
            .ApplyInBatches<OrderNews>()
            .YieldToSales();
    }

    public async Task StartAsync(IServiceProvider services, CancellationToken cancellationToken)
    {
        await using var connection = await services
            .GetRequiredKeyedService<RelationalStorage>(NotificationsDbContext.Module)
            .OpenAsync(cancellationToken);
    }
}
