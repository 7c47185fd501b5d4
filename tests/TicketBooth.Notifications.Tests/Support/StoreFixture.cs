using MediatR;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Time.Testing;
using TicketBooth.BuildingBlocks.Kernel;
using TicketBooth.Events.Contracts;
using TicketBooth.Notifications.Contracts;
using TicketBooth.Notifications.Domain;
using TicketBooth.Notifications.Storage;
using TicketBooth.Testing;

namespace TicketBooth.Notifications.Tests.Support;

/// <summary>Where the tables are.</summary>
public enum Engine
{
    Sqlite,
    MySql,
}

/// <summary>Tests of what is stored: a host of this module alone, whose clock only the test moves, so that no worker runs by itself.</summary>
[TestFixture(Engine.Sqlite)]
[TestFixture(Engine.MySql)]
internal abstract class StoreFixture(Engine engine)
{
    private MySqlSpace? space;

    protected FakeTimeProvider Clock { get; } = new(new DateTimeOffset(2026, 12, 1, 20, 0, 0, TimeSpan.Zero));

    protected DateTimeOffset Now => Clock.GetUtcNow();

    protected TestHost Host { get; private set; } = null!;

    [OneTimeSetUp]
    public async Task StartAsync()
    {
        space = engine == Engine.MySql ? await MySqlSpace.NewAsync() : null;
        Host = await TestHost.StartAsync(
            Clock,
            folder: null,
            [("Modules", "Notifications"), ("ConnectionStrings:MySql", space?.ConnectionString ?? "")],
            Stand);
    }

    /// <summary>No worker runs when the test moves the clock, and there are no other modules.</summary>
    internal static void Stand(IServiceCollection services)
    {
        services.AddTestAuthentication();
        services.AddSingleton<IRequestHandler<GetEventFacts, Result<IReadOnlyList<EventFacts>>>, NoEvents>();
        foreach (var worker in services.Where(service => service.ServiceType == typeof(IHostedService) && service.ImplementationFactory is not null).ToList())
        {
            services.Remove(worker);
        }
    }

    [OneTimeTearDown]
    public async Task StopAsync()
    {
        await Host.DisposeAsync();
        await (space?.DisposeAsync() ?? ValueTask.CompletedTask);
    }

    [SetUp]
    public Task ClearAsync() => WithAsync(async (db, _) =>
    {
        await db.Mails.ExecuteDeleteAsync();
        await db.Orders.ExecuteDeleteAsync();
        await db.Bulks.ExecuteDeleteAsync();
        return await db.Events.ExecuteDeleteAsync();
    });

    /// <summary>Does something as a request would: in a scope of its own.</summary>
    protected async Task<T> WithAsync<T>(Func<NotificationsDbContext, MailQueue, Task<T>> act)
    {
        await using var scope = Host.App.Services.CreateAsyncScope();
        return await act(scope.ServiceProvider.GetRequiredService<NotificationsDbContext>(), scope.ServiceProvider.GetRequiredService<MailQueue>());
    }

    protected Task<List<MailRow>> MailsAsync() => WithAsync((db, _) => db.Mails.AsNoTracking().OrderBy(mail => mail.Number).ToListAsync());

    protected Task AddAsync(params MailRow[] mails) => WithAsync(async (db, queue) =>
    {
        await queue.AddNewAsync(mails, CancellationToken.None);
        return await db.SaveChangesAsync();
    });

    protected MailRow Mail(string key, string kind = MailKinds.PasswordChanged, bool isBulk = false) =>
        new()
        {
            UniqueKey = key,
            Kind = kind,
            State = MailState.Waiting,
            IsBulk = isBulk,
            Email = "ana@example.com",
            Data = "{}",
            CreatedAt = Now,
            NextTryAt = Now,
        };

    private sealed class NoEvents : IRequestHandler<GetEventFacts, Result<IReadOnlyList<EventFacts>>>
    {
        public Task<Result<IReadOnlyList<EventFacts>>> Handle(GetEventFacts request, CancellationToken cancellationToken) =>
            Task.FromResult(Result<IReadOnlyList<EventFacts>>.From([]));
    }
}
