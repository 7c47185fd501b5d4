using System.Net;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Routing;
using TicketBooth.Testing;

namespace TicketBooth.Host.Tests.Fuzzing;

/// <summary>Nothing that somebody types into the back office makes it fail, neither into a form nor into an address.</summary>
public sealed partial class PageFuzzTests
{
    private const string Email = "page-fuzz@example.com";
    private const string Password = "a-long-enough-password";
    private const string Victim = "victim@example.com";
    private const int AddressesOfAPage = 4;
    private const int SubmissionsOfAForm = 4;

    // Those that the pages and the downloads know; each page gets them all.
    private static readonly string[] Parameters =
        ["search", "cursor", "role", "status", "eventId", "attention", "subjectId", "returnUrl", "lost", "handler", "id", "name", "kind", "culture", "page"];

    private FuzzedStores stores = null!;
    private TestHost host = null!;
    private HttpClient browser = null!;
    private ApiScene scene = null!;
    private int sent;

    [OneTimeSetUp]
    public async Task Start()
    {
        stores = await FuzzedStores.OpenAsync();
        host = await TestHost.StartAsync(settings: stores.Settings);
        browser = new HttpClient(new HttpClientHandler { AllowAutoRedirect = false }) { BaseAddress = host.Address };
        await NewUserAsync(Victim, "customer");
        await NewUserAsync(Email, "admin");
        await SignInAsync();
    }

    [OneTimeTearDown]
    public async Task Stop()
    {
        browser.Dispose();
        await host.DisposeAsync();
        await stores.DisposeAsync();
    }

    [Test]
    public async Task No_page_and_no_form_answers_with_5xx()
    {
        var failures = new List<string>();
        foreach (var seed in FuzzRounds.Seeds())
        {
            var random = new Random(seed);
            scene = await ApiScene.NewAsync(host);
            var addresses = Addresses();
            Assert.That(addresses, Has.Length.GreaterThan(20));
            sent = 0;
            foreach (var address in addresses)
            {
                // Before any form is sent: a draft does not stay one.
                await GetAsync(address, failures, $"seed {seed}: ");
            }

            random.Shuffle(addresses);
            foreach (var address in addresses)
            {
                await VisitAsync(address, random, failures, $"seed {seed}: ");
            }

            Assert.That(sent, Is.GreaterThan(100), "forms sent");

            if (failures.Count > 0)
            {
                break;
            }
        }

        Assert.That(failures, Is.Empty);
    }

    /// <summary>Every route of the back office that can be opened, with each of the ids that fit.</summary>
    private string[] Addresses()
    {
        var routes =
            from endpoint in ((IEndpointRouteBuilder)host.App).DataSources.SelectMany(source => source.Endpoints).OfType<RouteEndpoint>()
            let path = "/" + endpoint.RoutePattern.RawText!.TrimStart('/')
            where path.StartsWith("/backoffice", StringComparison.OrdinalIgnoreCase) && !path.Contains("sign-out", StringComparison.OrdinalIgnoreCase)
            select path;
        return
        [
            .. routes
                .Distinct(StringComparer.OrdinalIgnoreCase)
                .SelectMany(route => IdsOf(route).Select(id => RouteValue().Replace(route, id)))
                // The forms that change roles: only about somebody whom nobody misses.
                .Select(address => address.EndsWith("/users", StringComparison.Ordinal) ? $"{address}?search={Victim}" : address),
        ];
    }

    private IReadOnlyList<string> IdsOf(string route) =>
        !RouteValue().IsMatch(route) ? [""]
        : route.Contains("/orders/", StringComparison.OrdinalIgnoreCase) ? [scene.OnPayment, scene.Paid]
        : route.Contains("/events/", StringComparison.OrdinalIgnoreCase) ? [scene.Draft, scene.Published, scene.Canceled]
        : ["404", "\uFFFE"];

    private async Task VisitAsync(string address, Random random, List<string> failures, string told)
    {
        var page = await GetAsync(address, failures, told);
        for (var i = 0; i < AddressesOfAPage; i++)
        {
            await GetAsync(Typed(address, random), failures, told);
        }

        foreach (var form in Forms.In(page, address).ToList())
        {
            for (var i = 0; i < SubmissionsOfAForm; i++, sent++)
            {
                await SendAsync(form, random, failures, told);
            }
        }
    }

    private static string Typed(string address, Random random)
    {
        var (path, query) = address.Split('?') is [var before, var after] ? (before, after + "&") : (address, "");
        if (random.Happens(0.2) && path.LastIndexOf('/') is > 0 and var slash)
        {
            path = path[..(slash + 1)] + Uri.EscapeDataString(random.From(Hostile.Texts));
        }

        var typed = Enumerable.Range(0, random.Next(1, 4)).Select(_ => $"{random.From(Parameters)}={ApiRequests.Escaped(random.From(Hostile.Texts), random)}");
        return $"{path}?{query}{string.Join('&', typed)}";
    }

    private async Task SendAsync(Form form, Random random, List<string> failures, string told)
    {
        var fields = form.Fields.Select(field => random.Happens(0.3) && !IsToken(field.Name) ? (field.Name, Value: random.From(Hostile.Texts)) : field).ToList();
        if (random.Happens(0.2) && fields.Count > 1)
        {
            fields.RemoveAll(field => !IsToken(field.Name) && random.Happens(0.5));
        }

        if (random.Happens(0.2))
        {
            fields.AddRange(fields.Where(field => !IsToken(field.Name)).ToList());
        }

        var query = string.Join('&', fields.Select(field => $"{Uri.EscapeDataString(field.Name)}={ApiRequests.Escaped(field.Value, random)}"));
        if (!form.IsPost)
        {
            await GetAsync($"{form.Target.Split('?')[0]}?{query}", failures, told);
            return;
        }

        using var content = new StringContent(query);
        content.Headers.Remove("Content-Type");
        content.Headers.TryAddWithoutValidation("Content-Type", random.Happens(0.05) ? random.From(Hostile.ContentTypes) : "application/x-www-form-urlencoded");
        using var answer = await browser.PostAsync(form.Target, content);
        await NoteAsync(answer, $"{told}POST {form.Target}\n{query}", failures);
        await SignInAgainAsync(answer);
    }

    /// <summary>Some forms end the session. False when it has not ended.</summary>
    private async Task<bool> SignInAgainAsync(HttpResponseMessage answer) =>
        answer.Headers.Location?.ToString().Contains("/sign-in", StringComparison.Ordinal) == true && await SignInAsync();

    private async Task<string> GetAsync(string address, List<string> failures, string told)
    {
        using var answer = await browser.GetAsync(address, HttpCompletionOption.ResponseHeadersRead);
        await NoteAsync(answer, $"{told}GET {address}", failures);
        if (await SignInAgainAsync(answer))
        {
            return await GetAsync(address, failures, told);
        }

        return answer.Content.Headers.ContentType?.MediaType == "text/html" ? await answer.Content.ReadAsStringAsync() : "";
    }

    private static async Task NoteAsync(HttpResponseMessage answer, string request, List<string> failures)
    {
        if ((int)answer.StatusCode >= 500)
        {
            failures.Add($"{request}\n  -> {(int)answer.StatusCode} {await answer.Content.ReadAsStringAsync()}");
        }
    }

    private static bool IsToken(string name) => name == "__RequestVerificationToken";

    /// <summary>False when the browser is signed in already.</summary>
    private async Task<bool> SignInAsync()
    {
        using var page = await browser.GetAsync("/backoffice/sign-in");
        if (page.StatusCode == HttpStatusCode.Redirect)
        {
            return false;
        }

        var forms = Forms.In(await page.Content.ReadAsStringAsync(), "/backoffice/sign-in");
        var form = forms.Single(form => form.Fields.Any(field => field.Name == "password"));
        var fields = form.Fields.Where(field => IsToken(field.Name)).Append(("email", Email)).Append(("password", Password));
        using var content = new FormUrlEncodedContent(fields.Select(field => KeyValuePair.Create(field.Item1, field.Item2)));
        using var answer = await browser.PostAsync("/backoffice/sign-in", content);
        Assert.That(answer.StatusCode, Is.EqualTo(HttpStatusCode.Redirect));
        return true;
    }

    private async Task NewUserAsync(string email, string role)
    {
        using var made = await host.Client.PostAsJsonAsync("/api/v1/accounts", new { name = "Bruna", email, password = Password });
        var id = (await made.EnsureSuccessStatusCode().Content.ReadFromJsonAsync<JsonObject>())!["id"];
        var admin = await TicketBoothApi.AdminAsync(host);
        await admin.SendAsync(HttpMethod.Put, $"/api/v1/accounts/{id}/roles", new JsonObject { ["roles"] = new JsonArray(role) });
    }

    [GeneratedRegex(@"\{[^}]+\}", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 60_000)]
    private static partial Regex RouteValue();
}
