using Microsoft.Extensions.Configuration;
using TicketBooth.BuildingBlocks.Mediation;
using TicketBooth.BuildingBlocks.Modules;

namespace TicketBooth.Booking;

public sealed class BookingModule : IModule
{
    public string Name => "Booking";

    public void AddServices(IServiceCollection services, IConfiguration configuration) => services.AddSlices(typeof(BookingModule).Assembly);
}
