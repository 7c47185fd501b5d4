using Microsoft.Extensions.DependencyInjection;
using TicketBooth.Testing;

namespace TicketBooth.Dashboard.Tests;

internal static class DashboardHost
{
    /// <summary>The whole host.</summary>
    public static Task<TestHost> StartAsync(
        TimeProvider? clock = null, string? folder = null, Action<IServiceCollection>? services = null, params (string Key, string Value)[] settings) =>
        TestHost.StartAsync(clock, folder, settings, services);
}
