using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.Options;
using TicketBooth.Accounts;
using TicketBooth.Admissions;
using TicketBooth.Booking;
using TicketBooth.BuildingBlocks.Kafka;
using TicketBooth.BuildingBlocks.Kernel;
using TicketBooth.BuildingBlocks.Messaging;
using TicketBooth.BuildingBlocks.Messaging.Modules;
using TicketBooth.BuildingBlocks.Storage;
using TicketBooth.BuildingBlocks.Storage.Backups;
using TicketBooth.BuildingBlocks.Storage.Redis;
using TicketBooth.BuildingBlocks.Storage.Sqlite;
using TicketBooth.Dashboard;
using TicketBooth.Events;
using TicketBooth.Host.Auditing;
using TicketBooth.Host.Logging;
using TicketBooth.Host.Observing;
using TicketBooth.Host.Starting;
using TicketBooth.Host.Stopping;
using TicketBooth.Host.Web;
using TicketBooth.Notifications;
using TicketBooth.Payments;

namespace TicketBooth.Host;

/// <summary>Composes the host: configuration, the modules that it names, and the web server.</summary>
public static class TicketBoothHost
{
    // In the order in which they start: a module comes after the modules that it queries.
    private static readonly IModule[] AllModules =
    [
        new AccountsModule(),
        new EventsModule(),
        new BookingModule(),
        new PaymentsModule(),
        new AdmissionsModule(),
        new NotificationsModule(),
        new DashboardModule(),
    ];

    /// <param name="args">The command line; overrides every other source of settings.</param>
    /// <param name="configure">Changes services and settings before the host is built, for tests and the demo.</param>
    public static WebApplication Build(string[] args, Action<WebApplicationBuilder>? configure = null)
    {
        var builder = WebApplication.CreateSlimBuilder(args);
        builder.Configuration.AddDeliveredFiles(builder.Environment);
        return Build(builder, configure);
    }

    /// <summary>A host of the same settings over other embedded files, which it only reads.</summary>
    private static WebApplication BuildReader(IConfiguration settings, IHostEnvironment environment, string folder)
    {
        var builder = WebApplication.CreateSlimBuilder(
            new WebApplicationOptions { EnvironmentName = environment.EnvironmentName, ContentRootPath = environment.ContentRootPath }
        );
        builder.Configuration.AddConfiguration(settings);
        builder.Configuration.AddInMemoryCollection(
            new Dictionary<string, string?>(StringComparer.OrdinalIgnoreCase)
            {
                ["Storage:Path"] = folder,
                ["Storage:ReadOnly"] = "true",
                ["Backup:Path"] = "",
                ["Metrics:Enabled"] = "false",
                ["Logging:LogLevel:Default"] = "Warning",
            }
        );
        return Build(builder, configure: null);
    }

    private static WebApplication Build(WebApplicationBuilder builder, Action<WebApplicationBuilder>? configure)
    {
        var modules = ModulesOf(builder.Configuration);

        builder.Services.AddSingleton(TimeProvider.System);
        builder.Services.AddStorage(builder.Configuration);
        builder.Services.AddSingleton<IBackupCheck>(provider => new BackupCheck(
            folder =>
                BuildReader(provider.GetRequiredService<IConfiguration>(), provider.GetRequiredService<IHostEnvironment>(), folder),
            reader => reader.StartModulesAsync()
        ));
        builder.Services.AddRedis(builder.Configuration);
        builder.Services.AddSingleton<IReadOnlyList<IModule>>(modules);
        builder.Services.AddSingleton(new SettingNames("ConnectionStrings", ["MongoDb", "MySql", "Redis", "Kafka"], []));
        builder.Services.AddHealthChecks().AddCheck<StartHealth>("start");
        builder.AddWeb();
        foreach (var module in modules)
        {
            module.AddServices(builder.Services, builder.Configuration);
        }

        // After the modules: what is registered last stops first, so no message reaches a module whose services have stopped.
        builder.Services.AddMessaging(modules, services => services.AddKafka(builder.Configuration));
        builder.Services.AddSingleton<ConnectionsAtStop>().AddHostedService(provider => provider.GetRequiredService<ConnectionsAtStop>());
        builder
            .Services.AddOptions<KestrelServerOptions>()
            .Configure<ConnectionsAtStop>((kestrel, connections) => connections.Follow(kestrel));
        builder.Services.Decorate<ILoggerFactory, OutageLog>();
        configure?.Invoke(builder);
        var app = builder.Build();
        var routes = app.UseWeb(modules);
        foreach (var module in modules)
        {
            module.MapEndpoints(routes);
        }

        return app;
    }

    /// <summary>
    /// Opens the modules' storage and starts the server. Returns when the first request can be answered. Nothing is stored before every
    /// setting makes sense and every server that is switched on answers.
    /// </summary>
    public static async Task StartTicketBoothAsync(this WebApplication app, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(app);
        app.CheckSettings();
        await app.StartMetricsPortAsync(cancellationToken);
        await app.Services.OpenRedisAsync(cancellationToken);
        await app.Services.VerifyKafkaAsync(cancellationToken);
        await OpenModulesAsync(app, cancellationToken);
        await AddressCheck.StartAsync(app, cancellationToken);
    }

    /// <summary>Opens the modules' storage without starting the server, as <c>audit</c> needs it.</summary>
    public static async Task StartModulesAsync(this WebApplication app, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(app);
        app.CheckSettings();
        await OpenModulesAsync(app, cancellationToken);
    }

    private static async Task OpenModulesAsync(WebApplication app, CancellationToken cancellationToken)
    {
        await app.Services.VerifyStorageAsync(cancellationToken);
        var modules = app.Services.GetRequiredService<IReadOnlyList<IModule>>();
        foreach (var module in modules)
        {
            await module.VerifyAsync(app.Services, cancellationToken);
        }

        foreach (var module in modules)
        {
            await module.StartAsync(app.Services, cancellationToken);
        }

        app.Services.GetRequiredService<EmbeddedStorage>().RecordPositions();
    }

    /// <summary>Every start does so first.</summary>
    internal static void CheckSettings(this WebApplication app) =>
        SettingsCheck.Run(app.Services, ["Modules", .. AllModules.Select(module => module.Name)]);

    private static List<IModule> ModulesOf(IConfiguration configuration)
    {
        var section = configuration.GetSection("Modules");
        var names = section.Value?.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries)
            ?? section.GetChildren().Select(child => child.Value ?? "").ToArray();
        if (names.Length == 0)
        {
            return [.. AllModules];
        }

        var known = AllModules.Select(module => module.Name).ToList();
        var unknown = names.Except(known, StringComparer.OrdinalIgnoreCase).ToList();
        return unknown.Count == 0
            ? [.. AllModules.Where(module => names.Contains(module.Name, StringComparer.OrdinalIgnoreCase))]
            : throw new OptionsValidationException(
                "Modules",
                typeof(IModule),
                [$"Modules: there is no module {string.Join(", ", unknown)}; there are {string.Join(", ", known)}."]
            );
    }
}
