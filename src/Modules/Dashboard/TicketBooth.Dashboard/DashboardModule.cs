using Microsoft.Extensions.Configuration;
using TicketBooth.BuildingBlocks.Mediation;
using TicketBooth.BuildingBlocks.Modules;
using TicketBooth.Dashboard.DeadLetters;
using TicketBooth.Dashboard.Shell;

namespace TicketBooth.Dashboard;

/// <summary>What staff sees and does: the back office.</summary>
public sealed class DashboardModule : IModule
{
    public string Name => "Dashboard";

    public void AddServices(IServiceCollection services, IConfiguration configuration)
    {
        services.AddSlices(typeof(DashboardModule).Assembly);
        services.AddShell();
    }

    public void MapEndpoints(IEndpointRouteBuilder routes)
    {
        routes.MapShell();
        ListDeadLetters.Map(routes);
        ReplayDeadLetter.Map(routes);
    }
}
