using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json.Nodes;
using MediatR;
using Microsoft.Extensions.DependencyInjection;
using TicketBooth.Booking.Contracts;
using TicketBooth.BuildingBlocks.Kernel;
using TicketBooth.BuildingBlocks.Web;
using TicketBooth.Payments.Contracts;
using TicketBooth.Testing;

namespace TicketBooth.Events.Tests;

/// <summary>A host with this module alone, and what tests ask of it.</summary>
internal static class EventsHost
{
    public static Task<TestHost> StartAsync(
        TimeProvider? clock = null, string? folder = null, Action<IServiceCollection>? services = null, IEnumerable<(string Key, string Value)>? settings = null) =>
        TestHost.StartAsync(clock, folder, [("Modules", "Events"), .. settings ?? []], all =>
        {
            all.AddTestAuthentication();
            all.AddSingleton<IRequestHandler<GetAcceptedCurrencies, Result<AcceptedCurrencies>>, FakePayments>();
            all.AddSingleton<IRequestHandler<GetPostponementRule, Result<PostponementRule>>, FakeBooking>();
            services?.Invoke(all);
        });

    public static TicketBoothApi Admin(this TestHost host) => host.SignedIn(Roles.Admin);

    public static TicketBoothApi Clerk(this TestHost host) => host.SignedIn(Roles.Clerk);

    public static async Task<(int Status, JsonNode? Body, HttpResponseHeaders Headers)> AskAsync(
        this TicketBoothApi api, HttpMethod method, string path, JsonNode? body = null, params (string Name, string Value)[] headers)
    {
        using var content = body is null ? null : JsonContent.Create(body);
        return await SendAsync(api.Client, method, path, content, headers);
    }

    public static async Task<(int Status, JsonNode? Body)> PostTextAsync(this TicketBoothApi api, string path, string text)
    {
        using var content = new StringContent(text, Encoding.UTF8, "application/json");
        var (status, body, _) = await SendAsync(api.Client, HttpMethod.Post, path, content, []);
        return (status, body);
    }

    public static async Task<(int Status, JsonNode? Body, HttpResponseHeaders Headers)> AskAsync(this HttpClient client, string path, params (string Name, string Value)[] headers) =>
        await SendAsync(client, HttpMethod.Get, path, null, headers);

    private static async Task<(int Status, JsonNode? Body, HttpResponseHeaders Headers)> SendAsync(
        HttpClient client, HttpMethod method, string path, HttpContent? content, (string Name, string Value)[] headers)
    {
        using var request = new HttpRequestMessage(method, path) { Content = content };
        foreach (var (name, value) in headers)
        {
            request.Headers.TryAddWithoutValidation(name, value);
        }

        using var response = await client.SendAsync(request);
        var text = await response.Content.ReadAsStringAsync();
        return ((int)response.StatusCode, text.Length == 0 ? null : JsonNode.Parse(text), response.Headers);
    }
}
