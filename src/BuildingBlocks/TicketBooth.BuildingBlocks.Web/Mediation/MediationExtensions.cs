using System.Reflection;
using FluentValidation;
using MediatR;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace TicketBooth.BuildingBlocks.Web.Mediation;

/// <summary>Registers MediatR 5.1 without its registration package: Scrutor finds the handlers of an assembly.</summary>
public static class MediationExtensions
{
    /// <summary>Registers the handlers and validators of one module's assembly, internal ones included.</summary>
    public static IServiceCollection AddSlices(this IServiceCollection services, Assembly assembly)
    {
        services.TryAddTransient<IMediator, DirectMediator>();
        services.TryAddEnumerable(ServiceDescriptor.Singleton(typeof(IRequestCheck<,>), typeof(RequestValidation<,>)));
        services.Scan(scan =>
            scan.FromAssemblies(assembly)
                .AddClasses(classes => classes.AssignableTo(typeof(IRequestHandler<,>)), publicOnly: false)
                .AsImplementedInterfaces()
                .WithTransientLifetime()
        );
        return services.AddValidatorsFromAssembly(assembly, ServiceLifetime.Singleton, includeInternalTypes: true);
    }
}
