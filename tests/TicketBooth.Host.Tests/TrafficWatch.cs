using NUnit.Framework.Interfaces;
using TicketBooth.Host.Tests;
using TicketBooth.Host.Tests.Clients;
using TicketBooth.Testing;

[assembly: KeepsToTheDocument]

namespace TicketBooth.Host.Tests;

/// <summary>Has Prism look at what the tests of this project send and what they are answered, while they run.</summary>
[SetUpFixture]
public sealed class TrafficWatch
{
    internal static Prism Prism { get; } = new();

    [OneTimeSetUp]
    public async Task Begin()
    {
        // Where they cannot be installed, their own tests tell why.
        if (await NodeTools.AreThereAsync())
        {
            TestHost.Watch = handler => new NotingHandler(handler);
        }
    }

    [OneTimeTearDown]
    public async Task End()
    {
        TestHost.Watch = handler => handler;
        await Prism.DisposeAsync();
    }

    private sealed class NotingHandler(HttpMessageHandler inner) : DelegatingHandler(inner)
    {
        protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            var body = request.Content is null ? null : await request.Content.ReadAsByteArrayAsync(cancellationToken);
            var answer = await base.SendAsync(request, cancellationToken);
            await Prism.NoteAsync(TestContext.CurrentContext.Test.ID, request, body, answer);
            return answer;
        }
    }
}

/// <summary>Fails a test in whose exchanges, or in those of its set-up, Prism has found a violation of the OpenAPI document.</summary>
[AttributeUsage(AttributeTargets.Assembly)]
internal sealed class KeepsToTheDocumentAttribute : Attribute, ITestAction
{
    public ActionTargets Targets => ActionTargets.Test;

    public void BeforeTest(ITest test) { }

    public void AfterTest(ITest test)
    {
        for (ITest? level = test; level is not null; level = level.Parent)
        {
            var found = TrafficWatch.Prism.FoundAsync(level.Id).GetAwaiter().GetResult();
            Assert.That(found, Is.Empty, "what the OpenAPI document does not tell");
        }
    }
}
