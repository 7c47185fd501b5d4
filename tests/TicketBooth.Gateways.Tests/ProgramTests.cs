namespace TicketBooth.Gateways.Tests;

public class ProgramTests
{
    [Test]
    public async Task A_gateway_that_nobody_knows_is_refused() => Assert.That(await Program.Main(["unheard-of"]), Is.EqualTo(2));
}
