using Microsoft.Extensions.Configuration;
using TicketBooth.BuildingBlocks.Mediation;
using TicketBooth.BuildingBlocks.Modules;
using TicketBooth.Dashboard.DeadLetters;

namespace TicketBooth.Dashboard;

/// <summary>What staff sees and does. So far: the dead letters.</summary>
public sealed class DashboardModule : IModule
{
    public string Name => "Dashboard";

    public void AddServices(IServiceCollection services, IConfiguration configuration) => services.AddSlices(typeof(DashboardModule).Assembly);

    public void MapEndpoints(IEndpointRouteBuilder routes)
    {
        ListDeadLetters.Map(routes);
        ReplayDeadLetter.Map(routes);
    }
}
