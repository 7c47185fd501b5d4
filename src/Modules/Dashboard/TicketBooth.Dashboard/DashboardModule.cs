using Microsoft.Extensions.Configuration;
using TicketBooth.BuildingBlocks.Mediation;
using TicketBooth.BuildingBlocks.Modules;

namespace TicketBooth.Dashboard;

public sealed class DashboardModule : IModule
{
    public string Name => "Dashboard";

    public void AddServices(IServiceCollection services, IConfiguration configuration) => services.AddSlices(typeof(DashboardModule).Assembly);
}
