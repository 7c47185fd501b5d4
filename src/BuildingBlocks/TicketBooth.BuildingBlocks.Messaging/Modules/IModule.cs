using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace TicketBooth.BuildingBlocks.Messaging.Modules;

/// <summary>How the host composes a module. Everything else of a module's project is internal.</summary>
public interface IModule
{
    /// <summary>The name in the setting <c>Modules</c>, in topic names and in dead letters.</summary>
    string Name { get; }

    void AddServices(IServiceCollection services, IConfiguration configuration);

    /// <summary>Registers the consumers of the module.</summary>
    void AddConsumers(ModuleConsumers consumers) { }

    void MapEndpoints(IEndpointRouteBuilder routes) { }

    /// <summary>
    /// Asks what is outside whether the module's settings are right there. Runs once, before any module opens its storage: a start that
    /// this stops has stored nothing.
    /// </summary>
    Task VerifyAsync(IServiceProvider services, CancellationToken cancellationToken) => Task.CompletedTask;

    /// <summary>Opens the module's storage and prepares the first request. Runs once, in the order of the modules.</summary>
    Task StartAsync(IServiceProvider services, CancellationToken cancellationToken) => Task.CompletedTask;
}
