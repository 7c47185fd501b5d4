using Microsoft.Extensions.Configuration;
using TicketBooth.BuildingBlocks.Mediation;
using TicketBooth.BuildingBlocks.Modules;

namespace TicketBooth.Accounts;

public sealed class AccountsModule : IModule
{
    public string Name => "Accounts";

    public void AddServices(IServiceCollection services, IConfiguration configuration) => services.AddSlices(typeof(AccountsModule).Assembly);
}
