using Microsoft.Extensions.Configuration;
using TicketBooth.BuildingBlocks.Mediation;
using TicketBooth.BuildingBlocks.Modules;

namespace TicketBooth.Payments;

public sealed class PaymentsModule : IModule
{
    public string Name => "Payments";

    public void AddServices(IServiceCollection services, IConfiguration configuration) => services.AddSlices(typeof(PaymentsModule).Assembly);
}
