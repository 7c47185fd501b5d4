using Microsoft.Extensions.Hosting;
using TicketBooth.BuildingBlocks.Kafka.In;
using TicketBooth.BuildingBlocks.Kafka.Topics;
using TicketBooth.BuildingBlocks.Messaging.Modules;

namespace TicketBooth.BuildingBlocks.Kafka;

/// <summary>Creates missing topics when the host starts, and then runs the consumers.</summary>
internal sealed class KafkaService(
    KafkaProvisioner provisioner,
    KafkaConsumers consumers,
    KafkaTopics topics,
    KafkaModules modules,
    IEnumerable<ModuleConsumers> registered
) : IHostedService
{
    public async Task StartAsync(CancellationToken cancellationToken)
    {
        // Every module of this process may publish; what it consumes may come from modules that run on other hosts.
        var forMessages = registered
            .Select(module => topics.Of(module.Module))
            .Concat(consumers.All.SelectMany(consumer => consumer.Subscription))
            .Distinct(StringComparer.Ordinal);
        var forDeadLetters = modules.All.Select(module => topics.DeadLettersOf(module.Name));
        await provisioner.EnsureAsync([.. forMessages], [.. forDeadLetters], cancellationToken);
        consumers.Start();
    }

    public Task StopAsync(CancellationToken cancellationToken) => consumers.StopAsync().WaitAsync(cancellationToken);
}
