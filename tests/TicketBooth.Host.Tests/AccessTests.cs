using System.Net;
using System.Security.Claims;
using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using TicketBooth.BuildingBlocks.Web;
using TicketBooth.Host.Web;
using TicketBooth.Testing;

namespace TicketBooth.Host.Tests;

/// <summary>What passes without the framework's authentication and authorization, and that nothing else does.</summary>
public sealed partial class AccessTests
{
    private static readonly ClaimsPrincipal Ana = new(new ClaimsIdentity([new Claim(Claims.UserId, "ana")], "test"));

    private TestHost host = null!;

    [OneTimeSetUp]
    public async Task Start() => host = await TestHost.StartAsync();

    [OneTimeTearDown]
    public async Task Stop() => await host.DisposeAsync();

    private IEnumerable<RouteEndpoint> Endpoints => host.App.Services.GetRequiredService<EndpointDataSource>().Endpoints.OfType<RouteEndpoint>();

    [Test]
    public void An_endpoint_without_conditions_is_for_anybody() => Assert.That(IsGranted(user: null), Is.True);

    [Test]
    public void An_endpoint_for_those_who_have_signed_in_is_for_nobody_else()
    {
        Assert.Multiple(() =>
        {
            Assert.That(IsGranted(Ana, new AuthorizeAttribute()), Is.True);
            Assert.That(IsGranted(user: null, new AuthorizeAttribute()), Is.False);
        });
    }

    [Test]
    public void Further_conditions_are_left_to_the_framework()
    {
        Assert.Multiple(() =>
        {
            Assert.That(IsGranted(Ana, new AuthorizeAttribute { Roles = Roles.Admin }), Is.False);
            Assert.That(IsGranted(Ana, new AuthorizeAttribute("policy")), Is.False);
            Assert.That(IsGranted(Ana, new AuthorizeAttribute { AuthenticationSchemes = "cookie" }), Is.False);
            Assert.That(IsGranted(Ana, new AuthorizeAttribute(), new AuthorizeAttribute { Roles = Roles.Admin }), Is.False);
            Assert.That(IsGranted(Ana, new AuthorizationPolicyBuilder().RequireAuthenticatedUser().Build()), Is.False);
        });
    }

    [Test]
    public void No_endpoint_passes_by_its_role_or_its_policy()
    {
        var marked = Endpoints.Where(endpoint => endpoint.Metadata.GetMetadata<Access>() is not null).ToList();

        Assert.That(marked, Is.Not.Empty);
        Assert.That(
            marked.SelectMany(endpoint => endpoint.Metadata.OfType<IAuthorizeData>()).Where(condition => condition.Roles is not null || condition.Policy is not null),
            Is.Empty);
    }

    [Test]
    public async Task Every_endpoint_that_asks_for_a_user_refuses_whoever_has_not_signed_in()
    {
        var api = Endpoints.Where(endpoint =>
            endpoint.RoutePattern.RawText?.StartsWith("/api/", StringComparison.Ordinal) is true
            && endpoint.Metadata.GetMetadata<IAuthorizeData>() is not null
            && endpoint.Metadata.GetMetadata<IAllowAnonymous>() is null).ToList();
        Assert.That(api, Has.Count.GreaterThan(20));
        foreach (var endpoint in api)
        {
            var path = AnyParameter().Replace(endpoint.RoutePattern.RawText!, parameter => parameter.Groups["kind"].Value == "long" ? "1" : $"{Guid.Empty}");
            using var request = new HttpRequestMessage(new HttpMethod(endpoint.Metadata.GetMetadata<IHttpMethodMetadata>()!.HttpMethods[0]), path);
            using var answer = await host.Client.SendAsync(request);
            Assert.That(answer.StatusCode, Is.EqualTo(HttpStatusCode.Unauthorized), endpoint.DisplayName);
        }
    }

    [Test]
    public async Task A_remembered_customer_is_no_member_of_staff()
    {
        var buyer = await TicketBoothApi.NewBuyerAsync(host);
        for (var time = 1; time <= 2; time++)
        {
            using var me = await buyer.Client.GetAsync("/api/v1/accounts/me");
            using var figures = await buyer.Client.GetAsync("/api/v1/dashboard/summary");
            Assert.Multiple(() =>
            {
                Assert.That(me.StatusCode, Is.EqualTo(HttpStatusCode.OK));
                Assert.That(figures.StatusCode, Is.EqualTo(HttpStatusCode.Forbidden));
            });
        }
    }

    [GeneratedRegex(@"\{\w+(:(?<kind>\w+))?\}", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 10_000)]
    private static partial Regex AnyParameter();

    private static bool IsGranted(ClaimsPrincipal? user, params object[] conditions)
    {
        var access = Access.Of(conditions);
        var context = new DefaultHttpContext();
        context.SetEndpoint(new Endpoint(null, new EndpointMetadataCollection(access is null ? conditions : [.. conditions, access]), "test"));
        if (user is not null)
        {
            context.User = user;
        }

        return Access.IsGranted(context);
    }
}
