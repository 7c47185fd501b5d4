using Microsoft.Extensions.Configuration;
using TicketBooth.BuildingBlocks.Mediation;
using TicketBooth.BuildingBlocks.Modules;

namespace TicketBooth.Events;

public sealed class EventsModule : IModule
{
    public string Name => "Events";

    public void AddServices(IServiceCollection services, IConfiguration configuration) => services.AddSlices(typeof(EventsModule).Assembly);
}
