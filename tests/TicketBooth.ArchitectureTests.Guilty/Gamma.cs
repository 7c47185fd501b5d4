using System.Text.Json;
using MassTransit;
using Microsoft.Extensions.Logging;
using TicketBooth.ArchitectureTests.Guilty.Alpha.Contracts;
using TicketBooth.BuildingBlocks.Kernel;
using TicketBooth.BuildingBlocks.Messaging.Outbox;

// Several namespaces in one file, so that the example can be read in one go.
namespace TicketBooth.ArchitectureTests.Guilty.Gamma
{
    /// <summary>Guilty: loops of its own.</summary>
    internal sealed class Ticking(Timer timer)
    {
        public async Task RunAsync()
        {
            using var every = new PeriodicTimer(TimeSpan.FromSeconds(1));
            while (await every.WaitForNextTickAsync())
            {
                timer.Change(0, 0);
            }
        }
    }

    /// <summary>Guilty: its name says nothing.</summary>
    internal sealed class Keeper(WorkServices services) : PeriodicWork(new WorkSchedule(TimeSpan.FromSeconds(1)), services)
    {
        protected override Task RunRoundAsync(CancellationToken cancellationToken) => Task.CompletedTask;
    }

    /// <summary>Innocent.</summary>
    internal sealed class CountLinesWorker(WorkServices services) : PeriodicWork(new WorkSchedule(TimeSpan.FromSeconds(1)), services)
    {
        protected override Task RunRoundAsync(CancellationToken cancellationToken) => Task.CompletedTask;
    }

    /// <summary>Guilty: does not say what it does when.</summary>
    internal sealed class Listener : IConsumer<Line>
    {
        public Task Consume(ConsumeContext<Line> context) => Task.CompletedTask;
    }

    /// <summary>Innocent.</summary>
    internal sealed class CountLinesWhenLine : IConsumer<Line>
    {
        public Task Consume(ConsumeContext<Line> context) => Task.CompletedTask;
    }

    internal static partial class Logging
    {
        [LoggerMessage(EventId = 4000, Level = LogLevel.Information, Message = "Innocent")]
        public static partial void Innocent(ILogger logger);

        [LoggerMessage(Level = LogLevel.Information, Message = "Guilty: no id")]
        public static partial void Nothing(ILogger logger);

        [LoggerMessage(EventId = 3001, Level = LogLevel.Information, Message = "Guilty: another module's")]
        public static partial void Elsewhere(ILogger logger);

        // The generator itself notices two ids in one class.
#pragma warning disable SYSLIB1006
        [LoggerMessage(EventId = 4001, Level = LogLevel.Information, Message = "Guilty: twice")]
        public static partial void First(ILogger logger);

        [LoggerMessage(EventId = 4001, Level = LogLevel.Information, Message = "Guilty: twice")]
        public static partial void Second(ILogger logger);
#pragma warning restore SYSLIB1006
    }
}

namespace TicketBooth.ArchitectureTests.Guilty.Gamma.Storage
{
    internal sealed class Store;
}

namespace TicketBooth.ArchitectureTests.Guilty.Gamma.Domain
{
    /// <summary>Innocent: says what happened.</summary>
    internal sealed record Pure(Guid Id, IReadOnlyList<IIntegrationEvent> Events, Result<Done> Outcome);

    /// <summary>Guilty: makes bytes of it, and knows where they go.</summary>
    internal static class Impure
    {
        public static OutboxEntry? Entry { get; set; }

        public static byte[] Write(List<Storage.Store> stores) => JsonSerializer.SerializeToUtf8Bytes(stores.Count);
    }
}
