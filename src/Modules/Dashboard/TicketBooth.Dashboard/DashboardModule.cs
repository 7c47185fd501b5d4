using MediatR;
using Microsoft.Extensions.Configuration;
using TicketBooth.BuildingBlocks.Messaging.Modules;
using TicketBooth.BuildingBlocks.Storage.Relational;
using TicketBooth.BuildingBlocks.Web.Mediation;
using TicketBooth.Dashboard.Acts;
using TicketBooth.Dashboard.DeadLetters;
using TicketBooth.Dashboard.Figures;
using TicketBooth.Dashboard.Live;
using TicketBooth.Dashboard.ReadModel;
using TicketBooth.Dashboard.Shell;
using TicketBooth.Dashboard.Upkeep;

namespace TicketBooth.Dashboard;

/// <summary>What staff sees and does: the back office and the live figures.</summary>
public sealed class DashboardModule : IModule
{
    public string Name => "Dashboard";

    public void AddServices(IServiceCollection services, IConfiguration configuration)
    {
        services.AddSlices(typeof(DashboardModule).Assembly);
        services.AddShell();
        services.AddTables<DashboardDbContext, MySqlDashboardDbContext>(configuration, DashboardDbContext.Module);
        services.AddTransient(typeof(IPipelineBehavior<,>), typeof(ActLog<,>));
        services.AddScoped<OrderFilter>();
        services.AddSingleton<DashboardZone>();
        services.AddSingleton<ReadModelChanges>();
        services.AddSingleton<ReadModelWriter>().AddHostedService(provider => provider.GetRequiredService<ReadModelWriter>());
        services.AddSingleton<LiveForms>();
        services.AddSingleton<LiveFigures>().AddHostedService(provider => provider.GetRequiredService<LiveFigures>());
        services.AddTransient<IUpkeep, Rebuild>().AddTransient<IUpkeep, Reconciliation>();
        services.AddSingleton<UpkeepRuns>().AddHostedService(provider => provider.GetRequiredService<UpkeepRuns>());
    }

    public void AddConsumers(ModuleConsumers consumers) => FollowMessages.AddTo(consumers);

    public void MapEndpoints(IEndpointRouteBuilder routes)
    {
        routes.MapShell();
        GetSummary.Map(routes);
        GetEventFigures.Map(routes);
        FindOrders.Map(routes);
        GetOrderStory.Map(routes);
        ExportCsv.Map(routes);
        StreamFigures.Map(routes);
        ListDeadLetters.Map(routes);
        ReplayDeadLetter.Map(routes);
        DropDeadLetter.Map(routes);
        ListActs.Map(routes);
        StartUpkeep.Map(routes);
        ListRuns.Map(routes);
    }

    public async Task StartAsync(IServiceProvider services, CancellationToken cancellationToken)
    {
        await using var connection = await services
            .GetRequiredKeyedService<RelationalStorage>(DashboardDbContext.Module)
            .OpenAsync(cancellationToken);
    }
}
