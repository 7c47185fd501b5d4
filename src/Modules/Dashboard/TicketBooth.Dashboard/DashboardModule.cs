using MediatR;
using Microsoft.Extensions.Configuration;
using TicketBooth.BuildingBlocks.Kernel;
using TicketBooth.BuildingBlocks.Messaging.Batches;
using TicketBooth.BuildingBlocks.Messaging.Modules;
using TicketBooth.BuildingBlocks.Storage.Relational;
using TicketBooth.BuildingBlocks.Web.Mediation;
using TicketBooth.Dashboard.AuditLog;
using TicketBooth.Dashboard.DeadLetters;
using TicketBooth.Dashboard.Downloads;
using TicketBooth.Dashboard.Figures;
using TicketBooth.Dashboard.Live;
using TicketBooth.Dashboard.Maintenance;
using TicketBooth.Dashboard.Pages;
using TicketBooth.Dashboard.ReadModel;
using TicketBooth.Dashboard.ReadModel.Consumers;
using TicketBooth.Dashboard.ReadModel.Writing;
using TicketBooth.Dashboard.Shell;

namespace TicketBooth.Dashboard;

/// <summary>What staff sees and does: the back office, its live figures, and the read model behind them.</summary>
public sealed class DashboardModule : IModule
{
    public string Name => "Dashboard";

    public void AddServices(IServiceCollection services, IConfiguration configuration)
    {
        services.AddSettings<DashboardOptions>("Dashboard");
        services.AddSlices(typeof(DashboardModule).Assembly);
        services.AddShell();
        services.AddPages();
        services.AddTransient(typeof(IPipelineBehavior<,>), typeof(AuditLogBehavior<,>));
        services.AddSingleton<DashboardMetrics>();
        services.AddScoped<OrderFilter>();
        services.AddScoped<OpenMoney>();
        services.AddScoped<OpenShifts>();
        AddReadModel(services, configuration);
        AddMaintenance(services);
        services.AddSingleton<LiveRenderer>();
        services.AddSingleton<LiveFigures>().AddHostedService(provider => provider.GetRequiredService<LiveFigures>());
    }

    public void AddConsumers(ModuleConsumers consumers)
    {
        ArgumentNullException.ThrowIfNull(consumers);
        ReadModelConsumers.AddTo(consumers);
        consumers.Add<ForgetNamesWhenAccountErased>();
    }

    public void MapEndpoints(IEndpointRouteBuilder routes)
    {
        routes.MapShell();
        GetSummary.Map(routes);
        GetEventFigures.Map(routes);
        FindOrders.Map(routes);
        GetOrderStory.Map(routes);
        ExportCsv.Map(routes);
        ReconciliationCsv.Map(routes);
        CounterDayCsv.Map(routes);
        StreamFigures.Map(routes);
        ListDeadLetters.Map(routes);
        ReplayDeadLetter.Map(routes);
        DropDeadLetter.Map(routes);
        ListAuditLog.Map(routes);
        StartMaintenance.Map(routes);
        ListRuns.Map(routes);
    }

    public async Task StartAsync(IServiceProvider services, CancellationToken cancellationToken)
    {
        await using var connection = await services
            .GetRequiredKeyedService<RelationalStorage>(DashboardDbContext.Module)
            .OpenAsync(cancellationToken);
    }

    private static void AddReadModel(IServiceCollection services, IConfiguration configuration)
    {
        services.AddTables<DashboardDbContext, MySqlDashboardDbContext>(configuration, DashboardDbContext.Module);
        services.AddSingleton<DashboardZone>();
        services.AddSingleton<ReadModelChanges>();
        services.AddSingleton<ReadModelWriter>().AddHostedService(provider => provider.GetRequiredService<ReadModelWriter>());
        services.AddSingleton<IBatchWriter<ReadModelUpdate>>(provider => provider.GetRequiredService<ReadModelWriter>());
        services.AddScoped<EventRefresher>();
    }

    private static void AddMaintenance(IServiceCollection services)
    {
        services.AddTransient<IMaintenanceTask, Rebuild>().AddTransient<IMaintenanceTask, Reconciliation>();
        services.AddTransient<IMaintenanceTask, RoutineReconciliation>();
        services.AddSingleton<RunRecords>();
        services.AddSingleton<MaintenanceRuns>().AddHostedService(provider => provider.GetRequiredService<MaintenanceRuns>());
        services.AddWorker<StartReconciliationWorker>();
        services.AddSettings<SelfAuditOptions>("SelfAudit");
        services.AddWorker<AuditInvariantsWorker>();
        services.AddWorker<MeasureInvariantsWorker>();
        services.AddWorker<ForgetMinutesWorker>();
    }
}
