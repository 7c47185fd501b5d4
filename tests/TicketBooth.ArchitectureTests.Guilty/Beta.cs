using MediatR;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using TicketBooth.ArchitectureTests.Guilty.Alpha.Contracts;
using TicketBooth.BuildingBlocks.Kernel;
using TicketBooth.BuildingBlocks.Messaging.Modules;

namespace TicketBooth.ArchitectureTests.Guilty.Beta;

/// <summary>Guilty: not named for its module.</summary>
public sealed class SomeModule : IModule
{
    public string Name => "Beta";

    public void AddServices(IServiceCollection services, IConfiguration configuration)
    {
    }
}

internal static class Meddling
{
    internal sealed class Handler : IRequestHandler<AnsweredElsewhere, Result<Done>>
    {
        public Task<Result<Done>> Handle(AnsweredElsewhere request, CancellationToken cancellationToken) => Task.FromResult<Result<Done>>(default(Done));
    }
}
