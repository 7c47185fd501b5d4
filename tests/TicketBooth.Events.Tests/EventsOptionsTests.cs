using Microsoft.Extensions.Options;

namespace TicketBooth.Events.Tests;

[TestFixture]
internal sealed class EventsOptionsTests
{
    [TestCase("0")]
    [TestCase("16385")]
    public void A_cache_of_an_impossible_size_stops_the_start(string megabytes) => Assert.That(
        async () =>
        {
            await using var host = await EventsHost.StartAsync(settings: [("Events:ReadCacheMegabytes", megabytes)]);
        },
        Throws.InstanceOf<OptionsValidationException>().With.Message.Contains("Events:ReadCacheMegabytes"));
}
