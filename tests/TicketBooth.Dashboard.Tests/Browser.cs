using System.Net;
using System.Net.Http.Json;
using System.Text.RegularExpressions;
using TicketBooth.Testing;

namespace TicketBooth.Dashboard.Tests;

/// <summary>What came back, read to its end.</summary>
internal sealed record Answer(HttpStatusCode Status, string Text, HttpResponseMessage Message)
{
    public string? Location => Message.Headers.Location?.ToString();

    public string Header(string name) =>
        Message.Headers.TryGetValues(name, out var values) || Message.Content.Headers.TryGetValues(name, out values) ? string.Join(", ", values) : "";
}

/// <summary>Somebody at the back office: keeps cookies, follows no redirect by itself, and fills in forms as a browser does.</summary>
internal sealed partial class Browser : IDisposable
{
    public const string Password = "a-long-enough-password";

    private readonly HttpClientHandler handler = new() { AllowAutoRedirect = false };
    private readonly HttpClient client;

    public Browser(TestHost host)
    {
        client = new HttpClient(handler) { BaseAddress = host.Address };
    }

    public CookieContainer Cookies => handler.CookieContainer;

    public string Language
    {
        set
        {
            client.DefaultRequestHeaders.AcceptLanguage.Clear();
            client.DefaultRequestHeaders.AcceptLanguage.ParseAdd(value);
        }
    }

    public static Task<Browser> AdminAsync(TestHost host) => SignedInAsync(host, TestUsers.AdminEmail, TestUsers.AdminPassword);

    /// <summary>Somebody new with this role.</summary>
    public static async Task<Browser> InRoleAsync(TestHost host, string role)
    {
        var email = FormattableString.Invariant($"{role}-{Random.Shared.Next()}@example.com");
        await NewUserAsync(host, email, role);
        return await SignedInAsync(host, email, Password);
    }

    /// <summary>An account with this role; its id.</summary>
    public static async Task<string> NewUserAsync(TestHost host, string email, string role, string name = "Bruna")
    {
        using var made = await host.Client.PostAsJsonAsync("/api/v1/accounts", new { name, email, password = Password });
        made.EnsureSuccessStatusCode();
        var id = (await made.Content.ReadFromJsonAsync<System.Text.Json.Nodes.JsonObject>())!["id"]!.ToString();
        await SetRolesAsync(host, id, role);
        return id;
    }

    public static async Task SetRolesAsync(TestHost host, string id, params string[] roles)
    {
        var admin = await TicketBoothApi.AdminAsync(host);
        using var changed = await admin.Client.PutAsJsonAsync($"/api/v1/accounts/{id}/roles", new { roles });
        changed.EnsureSuccessStatusCode();
    }

    public static async Task<Browser> SignedInAsync(TestHost host, string email, string password)
    {
        var browser = new Browser(host);
        var answer = await browser.SignInAsync(email, password);
        Assert.That((answer.Status, answer.Location), Is.EqualTo((HttpStatusCode.Redirect, "/backoffice")), answer.Text);
        return browser;
    }

    public Task<Answer> SignInAsync(string email, string password) =>
        SendFormAsync("/backoffice/sign-in", "/backoffice/sign-in", ("email", email), ("password", password));

    public Task<Answer> GetAsync(string address) => SendAsync(new HttpRequestMessage(HttpMethod.Get, address));

    /// <summary>Opens a page and sends a form from there.</summary>
    public async Task<Answer> SendFormAsync(string from, string to, params (string Name, string Value)[] fields)
    {
        var page = await GetAsync(from);
        Assert.That(page.Status, Is.EqualTo(HttpStatusCode.OK), page.Text);
        return await PostAsync(to, [.. fields, ("__RequestVerificationToken", TokenIn(page.Text))]);
    }

    public Task<Answer> PostAsync(string to, params (string Name, string Value)[] fields) => SendAsync(new HttpRequestMessage(HttpMethod.Post, to)
    {
        Content = new FormUrlEncodedContent(fields.Select(field => KeyValuePair.Create(field.Name, field.Value))),
    });

    public static string TokenIn(string page) => Token().Match(page) is { Success: true } found ? found.Groups["token"].Value : throw new AssertionException("There is no form in the page:\n" + page);

    public void Dispose()
    {
        client.Dispose();
        handler.Dispose();
    }

    private async Task<Answer> SendAsync(HttpRequestMessage request)
    {
        using (request)
        {
            var response = await client.SendAsync(request);
            return new Answer(response.StatusCode, await response.Content.ReadAsStringAsync(), response);
        }
    }

    [GeneratedRegex("name=\"__RequestVerificationToken\" type=\"hidden\" value=\"(?<token>[^\"]+)\"", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 60_000)]
    private static partial Regex Token();
}
