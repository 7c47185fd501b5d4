using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using TicketBooth.Testing;

namespace TicketBooth.Dashboard.Tests;

internal static class DashboardHost
{
    /// <summary>The whole host.</summary>
    public static Task<TestHost> StartAsync(
        TimeProvider? clock = null, string? folder = null, Action<IServiceCollection>? services = null, params (string Key, string Value)[] settings) =>
        TestHost.StartAsync(clock, folder, settings, services);

    /// <summary>For tests of payments that stay open after their order has ended: as if their gateway could not be told to end them.</summary>
    public static void LeavePaymentsOpen(IServiceCollection services) =>
        services.Remove(
            services.Single(service =>
                service.ServiceType == typeof(IHostedService)
                && service.ImplementationFactory?.GetType().GenericTypeArguments is [_, { Name: "EndPaymentsWorker" }]));
}
