using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Logging;
using TicketBooth.Host;

namespace TicketBooth.Testing;

/// <summary>The whole host in this process, on a free port, with a storage folder of its own.</summary>
public sealed class TestHost : IAsyncDisposable
{
    private readonly bool ownsFolder;

    private TestHost(WebApplication app, string folder, bool ownsFolder)
    {
        App = app;
        Folder = folder;
        this.ownsFolder = ownsFolder;
        Address = new Uri(app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.Single());
        Client = NewClient();
    }

    /// <summary>Put around the handler of every client from then on, to look at what goes through it.</summary>
    public static Func<HttpMessageHandler, HttpMessageHandler> Watch { get; set; } = handler => handler;

    public WebApplication App { get; }

    public string Folder { get; }

    public Uri Address { get; }

    /// <summary>Without a token.</summary>
    public HttpClient Client { get; }

    /// <param name="clock">Instead of the system's.</param>
    /// <param name="folder">An existing storage folder, for tests of restarts; left in place afterwards.</param>
    /// <param name="settings">For example <c>("Booking:HoldMinutes", "1")</c>.</param>
    /// <param name="services">Last word on services.</param>
    public static async Task<TestHost> StartAsync(
        TimeProvider? clock = null, string? folder = null, IEnumerable<(string Key, string Value)>? settings = null, Action<IServiceCollection>? services = null)
    {
        var path = folder ?? Directory.CreateTempSubdirectory("ticketbooth-test-").FullName;
        var all = new List<(string Key, string Value)>
        {
            ("urls", "http://127.0.0.1:0"),
            ("environment", "Development"),
            ("Storage:Path", path),
            ("RateLimits:Enabled", "false"),

            // The least there may be: how long a guess takes is not what tests try.
            ("Accounts:PasswordIterations", "10000"),

            // Tests sign the same people up again and again, all from this machine.
            ("Accounts:FreeTakenSignUps", "0"),

            // One buyer of a test buys much. A test of the limits sets them.
            ("Booking:MaxTicketsPerBuyer", "0"),
            ("Booking:MaxHoldsPerBuyer", "0"),
            ("Booking:LapsePauseSeconds", "0"),

            // Whatever the environment has exported: a test says itself which servers its host uses.
            ("ConnectionStrings:MySql", ""),
            ("ConnectionStrings:Redis", ""),
            ("Accounts:Admin:Email", TestUsers.AdminEmail),
            ("Accounts:Admin:Password", TestUsers.AdminPassword),
        };
        all.AddRange(settings ?? []);
        var app = TicketBoothHost.Build([.. all.Select(setting => $"--{setting.Key}={setting.Value}")], builder =>
        {
            builder.Logging.SetMinimumLevel(LogLevel.Warning);
            if (clock is not null)
            {
                builder.Services.Replace(ServiceDescriptor.Singleton(clock));
            }

            services?.Invoke(builder.Services);
        });
        await app.StartTicketBoothAsync();
        return new TestHost(app, path, ownsFolder: folder is null);
    }

    public HttpClient NewClient() => new(Watch(new HttpClientHandler())) { BaseAddress = Address };

    public async ValueTask DisposeAsync()
    {
        Client.Dispose();
        await App.StopAsync();
        await App.DisposeAsync();
        if (ownsFolder)
        {
            Directory.Delete(Folder, recursive: true);
        }
    }
}
