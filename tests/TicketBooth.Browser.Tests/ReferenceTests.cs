using Microsoft.Playwright;
using TicketBooth.Testing;

namespace TicketBooth.Browser.Tests;

/// <summary>The reference page, whose script comes from a library, under the content security policy that we give it.</summary>
internal sealed class ReferenceTests
{
    [Test]
    public async Task It_shows_the_document_and_breaks_no_policy()
    {
        await using var host = await TestHost.StartAsync();
        await using var office = await BackOffice.OpenAsync(host);

        await office.Page.GotoAsync(new Uri(host.Address, "/docs/").ToString());

        await Assertions.Expect(office.Page.Locator("#app")).ToContainTextAsync("/api/v1/accounts");
        Assert.That(office.Complaints, Is.Empty);
    }
}
