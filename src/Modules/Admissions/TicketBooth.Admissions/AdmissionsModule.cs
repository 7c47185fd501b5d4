using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Options;
using TicketBooth.Admissions.CheckIns;
using TicketBooth.Admissions.Codes;
using TicketBooth.Admissions.Documents;
using TicketBooth.Admissions.Domain;
using TicketBooth.Admissions.DoorPage;
using TicketBooth.Admissions.Doors;
using TicketBooth.Admissions.Issuing;
using TicketBooth.Admissions.PersonalData;
using TicketBooth.Admissions.Storage;
using TicketBooth.Admissions.Storage.Mongo;
using TicketBooth.Admissions.Storage.Sqlite;
using TicketBooth.Admissions.Tickets;
using TicketBooth.Booking.Contracts;
using TicketBooth.BuildingBlocks.Kernel;
using TicketBooth.BuildingBlocks.Messaging.Batches;
using TicketBooth.BuildingBlocks.Messaging.Modules;
using TicketBooth.BuildingBlocks.Messaging.Relay;
using TicketBooth.BuildingBlocks.Storage.Mongo;
using TicketBooth.BuildingBlocks.Storage.Settings;
using TicketBooth.BuildingBlocks.Web;
using TicketBooth.BuildingBlocks.Web.Mediation;

namespace TicketBooth.Admissions;

/// <summary>Codes and documents of tickets, and the door.</summary>
public sealed class AdmissionsModule : IModule
{
    public string Name => "Admissions";

    public void AddServices(IServiceCollection services, IConfiguration configuration)
    {
        services.AddSlices(typeof(AdmissionsModule).Assembly);
        services.AddSettings<AdmissionsOptions>("Admissions");
        services.AddSettings<HouseOptions>("House");

        // The keys are those of the module Accounts, which says where they are.
        services.AddDataProtection();
        if (MongoStorage.IsOn(configuration))
        {
            services.AddSingleton<MongoAdmissionsDatabase>();
            services.AddSingleton<ITicketStore, MongoTicketStore>();
            services.AddSingleton<IDoorStore, MongoDoorStore>();
        }
        else
        {
            services.AddSingleton<AdmissionsFile>();
            services.AddSingleton<ITicketStore, SqliteTicketStore>();
            services.AddSingleton<IDoorStore, SqliteDoorStore>();
        }

        services.AddSingleton<KnownEvents>();
        services.AddSingleton<EventKeys>();
        services.AddSingleton<TicketCodes>();
        services.AddSingleton<IBatchWriter<OrderTickets>, TicketWriter>();
        services.AddSingleton<TicketPdf>();
        services.AddSingleton<TicketLinks>();
        services.AddTransient<OrderTicketsOf>();
        services.AddTransient<TicketViews>();
        services.AddSingleton<CheckInAnswers>();
        services.AddSingleton<DoorStates>();
        services.AddSingleton<IInvariantCheck, AdmissionsInvariants>();
        services.AddWorker<IssueMissedTicketsWorker>();
        services.AddTransient<TicketsOf>();
        services.AddTransient<IErasureObstacle, TicketsToUse>();
        services.AddTransient<ICancelObstacle, UsedTickets>();
        services.AddTransient<IPersonalData, TicketsOfPerson>().AddTransient<IPersonalData, TransfersOfPerson>();
    }

    public void AddConsumers(ModuleConsumers consumers) =>
        consumers
            .Add<IssueTicketsWhenOrderPaid>()
            .Add<VoidTicketsWhenOrderRefunded>()
            .Add<VoidTicketsWhenOrderPartlyRefunded>()
            .Add<OpenDoorWhenEventPublished>()
            .Add<RefreshDoorWhenEventChanged>()
            .Add<CloseDoorWhenEventCanceled>()
            .Add<ForgetHoldersWhenAccountErased>()
            .ApplyInBatches<OrderTickets>()
            .YieldToSales();

    public void MapEndpoints(IEndpointRouteBuilder routes)
    {
        ListOrderTickets.Map(routes);
        DrawTickets.Map(routes);
        ShowInCalendar.Map(routes);
        NameHolder.Map(routes);
        ReissueTicket.Map(routes);
        OfferTransfer.Map(routes);
        AnswerTransfer.Map(routes);
        CheckIn.Map(routes);
        UndoCheckIn.Map(routes);
        GetDoor.Map(routes);
        ListDoorTickets.Map(routes);
        ChangeDoorRules.Map(routes);
        DoorPages.Map(routes);
    }

    public async Task StartAsync(IServiceProvider services, CancellationToken cancellationToken)
    {
        var door = services.GetRequiredService<IDoorStore>();
        if (services.GetRequiredService<IOptions<StorageOptions>>().Value.ReadOnly)
        {
            return;
        }

        if (services.GetService<MongoAdmissionsDatabase>() is { } database)
        {
            await database.EnsureIndexesAsync(cancellationToken);
        }

        await MarkBeginningAsync(services);

        foreach (var outbox in new[] { door.Outbox, services.GetRequiredService<ITicketStore>().Outbox }.Distinct())
        {
            services.GetRequiredService<OutboxRelay>().Attach(outbox);
        }
    }

    /// <summary>From the first start on every order that is paid gets its tickets; <c>audit</c> asks about those before no more.</summary>
    private static async Task MarkBeginningAsync(IServiceProvider services)
    {
        var tickets = services.GetRequiredService<ITicketStore>();
        if (await tickets.MomentAsync(Moment.Began) is null)
        {
            await tickets.SetMomentAsync(Moment.Began, services.GetRequiredService<TimeProvider>().GetUtcNow());
        }
    }
}
