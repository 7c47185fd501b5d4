using MediatR;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.Extensions.Options;
using TicketBooth.Accounts.Contracts;
using TicketBooth.Admissions;
using TicketBooth.BuildingBlocks.Messaging.Modules;

namespace TicketBooth.Host.Demo;

/// <summary><c>--demo</c>: well-known accounts, demo events in an empty store, and a list of addresses to open.</summary>
internal static class DemoMode
{
    public const string Flag = "--demo";

    private const string CustomerEmail = "guest@casino.example";
    private const string CustomerPassword = "guest-password";
    private const string DoorEmail = "door@casino.example";
    private const string DoorPassword = "door-password";

    // The source with the lowest precedence: any other configuration overrides it.
    private static readonly Dictionary<string, string?> Defaults = new(StringComparer.Ordinal)
    {
        ["Accounts:Admin:Email"] = "admin@casino.example",
        ["Accounts:Admin:Password"] = "admin-password",
        ["Accounts:Keys:AllowClear"] = "true",
    };

    public static void Configure(WebApplicationBuilder builder)
    {
        if (builder.Environment.IsProduction())
        {
            throw new OptionsValidationException(
                Flag,
                typeof(DemoMode),
                [$"{Flag}: well-known passwords and a sandbox gateway are not allowed in the environment Production."]
            );
        }

        builder.Configuration.Sources.Insert(
            0,
            new Microsoft.Extensions.Configuration.Memory.MemoryConfigurationSource { InitialData = Defaults }
        );
    }

    private static async Task<Guid> NewGuestAsync(IMediator mediator, int number)
    {
        var email = FormattableString.Invariant($"guest-{number}@casino.example");
        var guest = await mediator.Send(new RegisterUser(FormattableString.Invariant($"Guest {number}"), email, CustomerPassword));
        return guest.Value.Id;
    }

    public static async Task StartAsync(WebApplication app, TextWriter output)
    {
        var hasDoor = app.Services.GetRequiredService<IReadOnlyList<IModule>>().Any(module => module is AdmissionsModule);
        var address = app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First();
        await using (var scope = app.Services.CreateAsyncScope())
        {
            var mediator = scope.ServiceProvider.GetRequiredService<IMediator>();
            var guest = await mediator.Send(new RegisterUser("Guest", CustomerEmail, CustomerPassword));
            if (guest.Error is { } error && error.Code != "email-taken")
            {
                throw new InvalidOperationException($"The demo customer cannot be created: {error.Code}.");
            }

            if (guest.IsSuccess)
            {
                await DemoEvents.FillAsync(
                    mediator,
                    number => number == 0 ? Task.FromResult(guest.Value.Id) : NewGuestAsync(mediator, number),
                    app.Services.GetRequiredService<TimeProvider>(),
                    app.Lifetime.ApplicationStopping
                );
                if (hasDoor)
                {
                    await DemoDoor.OpenAsync(mediator, DoorEmail, DoorPassword, app.Lifetime.ApplicationStopping);
                }
            }
        }

        var door = hasDoor ? $"\n  door            {address}/door, {DoorEmail} / {DoorPassword}" : "";
        await output.WriteLineAsync(
            $"""

            TicketBooth is open at {address}
              back office     {address}/backoffice
              API reference   {address}/docs
              events          {address}/api/v1/events
              administrator   {app.Configuration["Accounts:Admin:Email"]} / {app.Configuration["Accounts:Admin:Password"]}
              customer        {CustomerEmail} / {CustomerPassword}{door}
            Ctrl+C closes it.

            """
        );
    }
}
