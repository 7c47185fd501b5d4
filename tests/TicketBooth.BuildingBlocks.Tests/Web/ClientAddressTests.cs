using System.Net;
using TicketBooth.BuildingBlocks.Web;

namespace TicketBooth.BuildingBlocks.Tests.Web;

internal sealed class ClientAddressTests
{
    [TestCase("192.0.2.7", "192.0.2.7")]
    [TestCase("::ffff:192.0.2.7", "192.0.2.7")]
    [TestCase("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64")]
    [TestCase("2001:db8:1:2:ffff::1", "2001:db8:1:2::/64")]
    [TestCase("2001:db8:1:3::1", "2001:db8:1:3::/64")]
    [TestCase("fe80::1%3", "fe80::/64")]
    public void An_IPv6_client_is_its_network(string address, string key) =>
        Assert.That(ClientAddress.Of(IPAddress.Parse(address)), Is.EqualTo(key));

    [Test]
    public void A_connection_without_an_address_has_a_key_too() => Assert.That(ClientAddress.Of((IPAddress?)null), Is.EqualTo("unknown"));
}
