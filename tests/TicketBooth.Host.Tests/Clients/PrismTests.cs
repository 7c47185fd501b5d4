using System.Net;
using System.Text;

namespace TicketBooth.Host.Tests.Clients;

/// <summary>That <see cref="Prism"/> can find something.</summary>
public sealed class PrismTests
{
    [TestCase("/api/v1/events", 200, """{"items":[],"nextCursor":null}""", ExpectedResult = false)]
    [TestCase("/api/v1/events", 200, """{"items":[],"nextCursor":null,"new":1}""", ExpectedResult = false)]
    [TestCase("/api/v1/events?limit=0", 422, """{"type":"x","title":"x","status":422,"code":"x","traceId":"x"}""", ExpectedResult = false)]
    [TestCase("/api/v1/events?limit=0", 422, """{"type":"x","title":"x","status":422,"code":"x","traceId":"x","new":1}""", ExpectedResult = true)]
    [TestCase("/api/v1/nothing", 404, """{"type":"x","title":"x","status":404,"code":"x","traceId":"x"}""", ExpectedResult = false)]
    [TestCase("/api/v1/events", 200, """{"items":[],"nextCursor":7}""", ExpectedResult = true)]
    [TestCase("/api/v1/events", 200, """{"items":[]}""", ExpectedResult = true)]
    [TestCase("/api/v1/events", 418, """{}""", ExpectedResult = true)]
    [TestCase("/api/v1/events?limit=0", 200, """{"items":[],"nextCursor":null}""", ExpectedResult = true)]
    [TestCase("/api/v1/nothing", 200, """{}""", ExpectedResult = true)]
    public async Task<bool> A_violation_is_found(string path, int status, string body)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, new Uri("http://host" + path));
        using var answer = new HttpResponseMessage((HttpStatusCode)status);
        answer.Content = new StringContent(body, Encoding.UTF8, status < 400 ? "application/json" : "application/problem+json");
        return (await TrafficWatch.Prism.FindViolationsAsync(Prism.ExchangeOf(request, body: null, answer, body))).Length > 0;
    }

    [TestCase("ETag", ExpectedResult = false)]
    [TestCase("Location", ExpectedResult = true)]
    public async Task<bool> A_header_that_tells_a_client_something_is_described(string header)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, new Uri("http://host/api/v1/events"));
        using var answer = new HttpResponseMessage(HttpStatusCode.OK);
        answer.Headers.TryAddWithoutValidation(header, "\"x\"");
        answer.Content = new StringContent("""{"items":[],"nextCursor":null}""", Encoding.UTF8, "application/json");
        var exchange = Prism.ExchangeOf(request, body: null, answer, await answer.Content.ReadAsStringAsync());
        return (await TrafficWatch.Prism.FindViolationsAsync(exchange)).Length > 0;
    }

    [Test]
    public async Task What_is_found_is_told_to_the_test_that_sent_it()
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, new Uri("http://host/api/v1/events"));
        using var answer = new HttpResponseMessage(HttpStatusCode.Conflict);
        answer.Content = new StringContent("{}", Encoding.UTF8, "application/json");
        await TrafficWatch.Prism.NoteAsync("a test", request, body: null, answer);
        Assert.That(await TrafficWatch.Prism.FoundAsync("a test"), Has.One.Contains("GET /api/v1/events 409"));
        Assert.That(await TrafficWatch.Prism.FoundAsync("another test"), Is.Empty);
    }
}
