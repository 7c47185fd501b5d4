using System.Net;
using System.Reflection;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc.RazorPages;
using Microsoft.AspNetCore.Mvc.RazorPages.Infrastructure;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using TicketBooth.Dashboard.Shell;
using TicketBooth.Testing;

namespace TicketBooth.Dashboard.Tests;

/// <summary>Every page and every handler, found by asking the host which ones there are: a new page is judged without a new test.</summary>
internal sealed class AccessTests
{
    private TestHost host = null!;
    private IReadOnlyList<FoundPage> pages = [];
    private Browser nobody = null!;
    private Browser clerk = null!;
    private Browser admin = null!;

    [OneTimeSetUp]
    public async Task StartAsync()
    {
        host = await DashboardHost.StartAsync();
        nobody = new Browser(host);
        clerk = await Browser.InRoleAsync(host, "clerk");
        admin = await Browser.AdminAsync(host);
        pages = await FindPagesAsync();
    }

    [OneTimeTearDown]
    public async Task StopAsync()
    {
        nobody.Dispose();
        clerk.Dispose();
        admin.Dispose();
        await host.DisposeAsync();
    }

    [Test]
    public void There_are_pages_and_all_are_in_the_page_area()
    {
        Assert.That(pages, Has.Count.GreaterThanOrEqualTo(8));
        Assert.That(pages.Select(page => page.Address), Has.All.StartsWith("/backoffice"));
    }

    [Test]
    public void Only_what_nobody_has_signed_in_for_yet_is_open() => Assert.That(
        pages.Where(page => page.IsOpen).Select(page => page.Address),
        Is.EquivalentTo(["/backoffice/sign-in", "/backoffice/sign-in/second-factor", "/backoffice/invitation", "/backoffice/language", "/backoffice/error"]));

    [Test]
    public void Every_handler_that_is_not_a_GET_is_a_POST_and_says_who_may_send_it() => Assert.Multiple(() =>
    {
        foreach (var handler in Posts())
        {
            Assert.That(handler.Method, Is.EqualTo("POST"), handler.ToString());
            Assert.That(handler.Policy, Is.AnyOf(Policies.Staff, Policies.Admin, Policies.Anybody), handler.ToString());
            Assert.That(handler.Policy == Policies.Anybody, Is.EqualTo(handler.Page.IsOpen), $"{handler} and its page are open to the same people");
        }
    });

    [Test]
    public async Task Nobody_gets_to_a_page_without_signing_in()
    {
        foreach (var page in pages.Where(page => !page.IsOpen))
        {
            var answer = await nobody.GetAsync(page.Address);
            Assert.That(answer.Status, Is.EqualTo(HttpStatusCode.Redirect), page.Address);
            Assert.That(answer.Location, Does.Contain("/backoffice/sign-in?returnUrl="), page.Address);
        }
    }

    [Test]
    public async Task Nobody_sends_a_form_without_signing_in()
    {
        var token = Browser.TokenIn((await nobody.GetAsync("/backoffice/sign-in")).Text);
        foreach (var handler in Posts().Where(handler => !handler.Page.IsOpen))
        {
            var answer = await nobody.PostAsync(handler.Address, ("__RequestVerificationToken", token));
            Assert.That(answer.Status, Is.EqualTo(HttpStatusCode.Redirect), handler.ToString());
            Assert.That(answer.Location, Does.Contain("/backoffice/sign-in"), handler.ToString());
        }
    }

    [Test]
    public async Task An_access_token_opens_no_page()
    {
        var api = await TicketBoothApi.AdminAsync(host);
        using var handler = new HttpClientHandler { AllowAutoRedirect = false };
        using var client = new HttpClient(handler) { BaseAddress = host.Address };
        client.DefaultRequestHeaders.Authorization = api.Client.DefaultRequestHeaders.Authorization;
        foreach (var page in pages.Where(page => !page.IsOpen))
        {
            using var answer = await client.GetAsync(page.Address);
            Assert.That(answer.StatusCode, Is.EqualTo(HttpStatusCode.Redirect), page.Address);
        }
    }

    [Test]
    public async Task A_customer_does_not_get_in()
    {
        var email = FormattableString.Invariant($"customer-{Random.Shared.Next()}@example.com");
        await Browser.NewUserAsync(host, email, "customer");
        using var customer = new Browser(host);

        var answer = await customer.SignInAsync(email, Browser.Password);

        Assert.That(answer.Status, Is.EqualTo(HttpStatusCode.OK));
        Assert.That(answer.Text, Does.Contain("This account has no access to the back office."));
        Assert.That((await customer.GetAsync("/backoffice")).Status, Is.EqualTo(HttpStatusCode.Redirect));
    }

    [Test]
    public async Task A_clerk_does_not_get_to_what_is_for_administrators()
    {
        var closed = pages.Where(page => page.IsForAdmins).ToList();
        Assert.That(closed, Is.Not.Empty);
        foreach (var page in closed)
        {
            var answer = await clerk.GetAsync(page.Address);
            Assert.That(answer.Status, Is.EqualTo(HttpStatusCode.Forbidden), page.Address);
            Assert.That(answer.Text, Does.Contain("<h1>Not allowed</h1>"), page.Address);
        }
    }

    [Test]
    public async Task A_clerk_sends_no_form_that_is_for_administrators()
    {
        var token = Browser.TokenIn((await clerk.GetAsync("/backoffice")).Text);
        var closed = Posts().Where(handler => handler.Policy == Policies.Admin).ToList();
        Assert.That(closed, Is.Not.Empty);
        foreach (var handler in closed)
        {
            var answer = await clerk.PostAsync(handler.Address, ("__RequestVerificationToken", token));
            Assert.That(answer.Status, Is.EqualTo(HttpStatusCode.Forbidden), handler.ToString());
        }
    }

    [Test]
    public async Task No_form_is_taken_without_its_token()
    {
        foreach (var handler in Posts())
        {
            var answer = await admin.PostAsync(handler.Address, ("userId", Guid.Empty.ToString()));
            Assert.That(answer.Status, Is.EqualTo(HttpStatusCode.BadRequest), handler.ToString());
            Assert.That(answer.Text, Does.Contain("<h1>The form cannot be read</h1>"), handler.ToString());
        }
    }

    [Test]
    public async Task A_handler_that_is_none_is_not_found()
    {
        var token = Browser.TokenIn((await admin.GetAsync("/backoffice")).Text);
        foreach (var page in pages.Where(page => !page.IsOpen && page.Handlers.All(handler => handler.Method == "GET" || handler.Address.Contains("handler=", StringComparison.Ordinal))))
        {
            var answer = await admin.PostAsync(page.Address + "?handler=Nothing", ("__RequestVerificationToken", token));
            Assert.That(answer.Status, Is.EqualTo(HttpStatusCode.NotFound), page.Address);
            Assert.That(answer.Text, Does.Contain("<h1>There is no such page</h1>"), page.Address);
        }
    }

    [Test]
    public async Task Every_endpoint_of_the_page_area_that_is_no_page_needs_a_policy_of_the_back_office_or_is_an_asset()
    {
        await nobody.GetAsync("/backoffice");
        var others = host.App.Services.GetRequiredService<EndpointDataSource>().Endpoints.OfType<RouteEndpoint>()
            .Where(endpoint => endpoint.RoutePattern.RawText?.TrimStart('/').StartsWith("backoffice", StringComparison.Ordinal) == true)
            .Where(endpoint => endpoint.Metadata.GetMetadata<PageActionDescriptor>() is null)
            .ToList();
        Assert.That(others, Is.Not.Empty);
        Assert.Multiple(() =>
        {
            foreach (var endpoint in others.Where(endpoint => !endpoint.RoutePattern.RawText!.StartsWith("/backoffice/assets/", StringComparison.Ordinal)))
            {
                Assert.That(endpoint.Metadata.GetOrderedMetadata<IAuthorizeData>().Select(data => data.Policy), Has.Some.AnyOf(Policies.Staff, Policies.Admin, Policies.Door), endpoint.DisplayName);
                Assert.That(endpoint.Metadata.GetMetadata<IAllowAnonymous>(), Is.Null, endpoint.DisplayName);
            }
        });
    }

    private IEnumerable<FoundHandler> Posts() => pages.SelectMany(page => page.Handlers).Where(handler => handler.Method != "GET");

    private async Task<IReadOnlyList<FoundPage>> FindPagesAsync()
    {
        var loader = host.App.Services.GetRequiredService<PageLoader>();
        var found = new List<FoundPage>();
        foreach (var endpoint in host.App.Services.GetRequiredService<EndpointDataSource>().Endpoints.OfType<RouteEndpoint>())
        {
            if (endpoint.Metadata.GetMetadata<PageActionDescriptor>() is { } descriptor)
            {
                var compiled = await loader.LoadAsync(descriptor, endpoint.Metadata);
                found.Add(new FoundPage(AddressOf(endpoint), compiled));
            }
        }

        return found;
    }

    /// <summary>An address that the route matches; parameters get made-up values.</summary>
    private static string AddressOf(RouteEndpoint endpoint) => "/" + string.Join('/', endpoint.RoutePattern.PathSegments
        .Select(segment => string.Concat(segment.Parts.Select(part => part switch
        {
            Microsoft.AspNetCore.Routing.Patterns.RoutePatternLiteralPart literal => literal.Content,
            Microsoft.AspNetCore.Routing.Patterns.RoutePatternParameterPart { IsOptional: true } => "",
            Microsoft.AspNetCore.Routing.Patterns.RoutePatternParameterPart parameter when parameter.ParameterPolicies.Any(policy => policy.Content == "guid") => Guid.Empty.ToString(),
            _ => "1",
        })))
        .Where(segment => segment.Length > 0));

    internal sealed class FoundPage
    {
        public FoundPage(string address, CompiledPageActionDescriptor page)
        {
            Address = address;
            var metadata = page.EndpointMetadata ?? [];
            IsOpen = metadata.OfType<IAllowAnonymous>().Any();
            IsForAdmins = metadata.OfType<IAuthorizeData>().Any(data => data.Policy == Policies.Admin);
            Handlers = [.. page.HandlerMethods.Select(handler => new FoundHandler(
                this, handler.HttpMethod.ToUpperInvariant(), handler.Name, handler.MethodInfo.GetCustomAttribute<AllowedToAttribute>()?.Policy))];
        }

        public string Address { get; }

        public bool IsOpen { get; }

        public bool IsForAdmins { get; }

        public IReadOnlyList<FoundHandler> Handlers { get; }
    }

    internal sealed record FoundHandler(FoundPage Page, string Method, string? Name, string? Policy)
    {
        public string Address => Name is null ? Page.Address : $"{Page.Address}?handler={Name}";

        public override string ToString() => $"{Method} {Address}";
    }
}
