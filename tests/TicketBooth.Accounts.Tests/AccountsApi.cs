using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using MediatR;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.Extensions.DependencyInjection;
using TicketBooth.Accounts.Tests.Support;
using TicketBooth.Testing;

namespace TicketBooth.Accounts.Tests;

/// <summary>An answer as a client sees it.</summary>
internal sealed record Reply(HttpStatusCode Status, JsonObject? Body, HttpResponseHeaders Headers, string? MediaType)
{
    public string? Code => (string?)Body?["code"];

    public string Text(string field) => (string?)Body?[field] ?? throw new AssertionException($"There is no {field} in {Body}.");
}

/// <summary>The routes of this module, by intent.</summary>
internal static class AccountsApi
{
    public const string Password = "a-long-enough-password";

    /// <summary>Where the tests' requests come from.</summary>
    public const string Here = "127.0.0.1";

    /// <summary>A host of this module alone.</summary>
    public static Task<TestHost> StartAsync(
        TimeProvider? clock = null, AccountsDatabase? database = null, Action<IServiceCollection>? services = null, params (string Key, string Value)[] settings) =>
        TestHost.StartAsync(clock, database?.Folder, [("Modules", "Accounts"), .. database?.Settings ?? [], .. settings], services);

    public static Task<Reply> SignUpAsync(this TestHost host, string email, string name = "Ana", string password = Password) =>
        host.SendAsync(HttpMethod.Post, "/api/v1/accounts", new { name, email, password });

    public static Task<Reply> SignInAsync(this TestHost host, string email, string password = Password) =>
        host.SendAsync(HttpMethod.Post, "/api/v1/accounts/token", new { email, password });

    public static Task<Reply> RefreshAsync(this TestHost host, string refreshToken) =>
        host.SendAsync(HttpMethod.Post, "/api/v1/accounts/token", new { refreshToken });

    public static Task<Reply> MeAsync(this TestHost host, string? accessToken) => host.SendAsync(HttpMethod.Get, "/api/v1/accounts/me", accessToken: accessToken);

    public static async Task<string> AdminTokenAsync(this TestHost host) => (await host.SignInAsync(TestUsers.AdminEmail, TestUsers.AdminPassword)).Text("accessToken");

    /// <summary>The tokens of a new customer.</summary>
    public static async Task<Reply> NewCustomerAsync(this TestHost host, string email = "ana@example.com")
    {
        await host.SignUpAsync(email);
        return await host.SignInAsync(email);
    }

    public static async Task<Reply> SendAsync(this TestHost host, HttpMethod method, string path, object? body = null, string? accessToken = null)
    {
        using var request = new HttpRequestMessage(method, path);
        request.Content = body is null ? null : JsonContent.Create(body);
        if (accessToken is not null)
        {
            request.Headers.TryAddWithoutValidation("Authorization", "Bearer " + accessToken);
        }

        using var response = await host.Client.SendAsync(request);
        var text = await response.Content.ReadAsStringAsync();
        return new Reply(response.StatusCode, text.Length == 0 ? null : (JsonObject?)JsonNode.Parse(text), response.Headers, response.Content.Headers.ContentType?.MediaType);
    }
}

/// <summary>What other modules and the framework do, beside the routes.</summary>
internal static class InsideAccounts
{
    public static async Task<T> SendAsync<T>(this TestHost host, IRequest<T> request)
    {
        await using var scope = host.App.Services.CreateAsyncScope();
        return await scope.ServiceProvider.GetRequiredService<IMediator>().Send(request);
    }

    public static string Protect(this TestHost host, string text) => Protector(host).Protect(text);

    public static string Unprotect(this TestHost host, string text) => Protector(host).Unprotect(text);

    private static IDataProtector Protector(TestHost host) => host.App.Services.GetRequiredService<IDataProtectionProvider>().CreateProtector("tests");
}
