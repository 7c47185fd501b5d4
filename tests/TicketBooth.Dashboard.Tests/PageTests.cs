using System.Globalization;
using System.Net;
using System.Reflection;
using System.Runtime.CompilerServices;
using System.Text.RegularExpressions;
using System.Xml.Linq;
using TicketBooth.BuildingBlocks.Kernel;
using TicketBooth.Dashboard.AuditLog;
using TicketBooth.Dashboard.Pages.Events;
using TicketBooth.Dashboard.Shell;
using TicketBooth.Testing;

namespace TicketBooth.Dashboard.Tests;

/// <summary>What all pages have in common: headers, languages, errors, and what they never say.</summary>
internal sealed class PageTests
{
    private static readonly string Sources = Path.Combine(SourceTree.Root, "src", "Modules", "Dashboard", "TicketBooth.Dashboard");

    private static readonly string EventRules = Path.Combine(SourceTree.Root, "src", "Modules", "Events", "TicketBooth.Events", "Managing");

    private static readonly string TextRules = Path.Combine(
        SourceTree.Root, "src", "BuildingBlocks", "TicketBooth.BuildingBlocks.Web", "TypedText.cs");

    private TestHost host = null!;
    private Browser admin = null!;

    [OneTimeSetUp]
    public async Task StartAsync()
    {
        host = await DashboardHost.StartAsync();
        admin = await Browser.AdminAsync(host);
    }

    [OneTimeTearDown]
    public async Task StopAsync()
    {
        admin.Dispose();
        await host.DisposeAsync();
    }

    [TestCase("/backoffice", 200)]
    [TestCase("/backoffice/sign-in", 302)]
    [TestCase("/backoffice/nothing", 404)]
    [TestCase("/backoffice/assets/0/backoffice.css", 404)]
    public async Task Every_answer_has_the_headers_that_keep_browsers_strict(string address, int status)
    {
        var answer = await admin.GetAsync(address);
        var policy = answer.Header("Content-Security-Policy").Split(';', StringSplitOptions.TrimEntries);
        Assert.Multiple(() =>
        {
            Assert.That((int)answer.Status, Is.EqualTo(status));
            Assert.That(policy, Is.SupersetOf(["default-src 'none'", "script-src 'self'", "style-src 'self'", "connect-src 'self'", "form-action 'self'", "frame-ancestors 'none'", "base-uri 'none'"]));
            Assert.That(policy, Has.None.Contains("unsafe"));
            Assert.That(answer.Header("X-Content-Type-Options"), Is.EqualTo("nosniff"));
            Assert.That(answer.Header("X-Frame-Options"), Is.EqualTo("DENY"));
            Assert.That(answer.Header("Referrer-Policy"), Is.EqualTo("same-origin"));
            Assert.That(answer.Header("Cache-Control"), Does.Contain("no-store"));
        });
    }

    [Test]
    public async Task Events_are_narrowed_by_status_and_day_and_the_filter_stays_in_what_follows()
    {
        var api = await TicketBoothApi.AdminAsync(host);
        var body = TicketBoothApi.EventBody(name: "Choro by the sea");
        body["startsAt"] = "2040-06-01T20:00:00Z";
        body["endsSellingAt"] = "2040-06-01T19:00:00Z";
        await api.SendAsync(HttpMethod.Post, "/api/v1/events", body);

        Assert.Multiple(async () =>
        {
            Assert.That(await ListAsync("status=draft&from=2040-06-01&to=2040-06-01"), Does.Contain("Choro by the sea"));
            Assert.That(await ListAsync("status=published&from=2040-06-01"), Does.Not.Contain("Choro by the sea").And.Contain("No event matches the search."));
            Assert.That(await ListAsync("from=2040-06-02"), Does.Not.Contain("Choro by the sea"));
            Assert.That(await ListAsync("to=2040-05-31"), Does.Not.Contain("Choro by the sea"));
            Assert.That(await ListAsync("status=draft&search=choro&from=2040-06-01"), Does.Contain("status=ended").And.Contain("search=choro"));
            Assert.That(await ListAsync("status=sold"), Does.Contain("Not a status of events."));
            Assert.That(await ListAsync("from=yesterday"), Does.Contain("This is not a date."));
            Assert.That(await ListAsync("from=0001-01-01"), Does.Contain("This is not a date."));
            Assert.That(await ListAsync("from=2040-06-02&to=2040-06-01"), Does.Contain("The last day is before the first one."));
        });

        async Task<string> ListAsync(string query) => (await admin.GetAsync("/backoffice/events?" + query)).Text;
    }

    [Test]
    public async Task Programs_get_problem_documents_as_ever_with_a_policy_that_allows_nothing()
    {
        using var answer = await host.Client.GetAsync("/api/v1/nothing");

        Assert.That(answer.Content.Headers.ContentType?.MediaType, Is.EqualTo("application/problem+json"));
        Assert.That(answer.Headers.GetValues("Content-Security-Policy").Single(), Does.StartWith("default-src 'none'").And.Not.Contain("'self'"));
    }

    [Test]
    public async Task Nothing_in_a_page_needs_an_inline_script_or_style()
    {
        foreach (var address in new[] { "/backoffice", "/backoffice/users", "/backoffice/security", "/backoffice/nothing" })
        {
            var page = (await admin.GetAsync(address)).Text;
            Assert.That(page, Does.Not.Match(@"<script(?![^>]*\ssrc=)").And.Not.Match("<style").And.Not.Match(@"\sstyle=").And.Not.Match(@"\son[a-z]+="), address);
        }
    }

    [Test]
    public async Task Assets_may_be_kept_for_good_because_their_address_changes_with_them()
    {
        var page = (await admin.GetAsync("/backoffice")).Text;
        var addresses = Regex.Matches(page, "(href|src)=\"(?<address>/backoffice/assets/[^\"]+)\"", RegexOptions.ExplicitCapture, TimeSpan.FromMinutes(1)).Select(match => match.Groups["address"].Value).ToList();
        Assert.That(addresses, Has.Count.EqualTo(3));
        foreach (var address in addresses)
        {
            var asset = await admin.GetAsync(address);
            Assert.That(asset.Status, Is.EqualTo(HttpStatusCode.OK), address);
            Assert.That(asset.Header("Cache-Control"), Does.Contain("immutable"), address);
            Assert.That(asset.Header("Content-Type"), Does.StartWith(address.EndsWith(".css", StringComparison.Ordinal) ? "text/css" : "text/javascript"));
        }
    }

    // By itself: it must be quicker than the limit is renewed.
    [Test]
    [NonParallelizable]
    public async Task Too_many_sign_ins_are_a_page_too()
    {
        await using var limited = await DashboardHost.StartAsync(settings: ("RateLimits:Enabled", "true"));
        using var browser = new Browser(limited);
        var answers = await Task.WhenAll(Enumerable.Range(0, 700).Select(_ => browser.PostAsync("/backoffice/sign-in")));

        var refused = answers.First(answer => answer.Status == HttpStatusCode.TooManyRequests);

        Assert.That(refused.Text, Does.Contain("<h1>Too many requests</h1>"));
        Assert.That(refused.Header("Retry-After"), Is.Not.Empty);
    }

    [TestCase("pt-BR,en;q=0.5", "pt-BR", "Entrar")]
    [TestCase("pt", "pt-BR", "Entrar")]
    [TestCase("pt-PT", "pt-BR", "Entrar")]
    [TestCase("en-GB", "en", "Sign in")]
    [TestCase("de,fr;q=0.9", "en", "Sign in")]
    [TestCase("de,pt-BR;q=0.3,en;q=0.8", "en", "Sign in")]
    public async Task The_browsers_language_is_spoken_where_there_is_one(string asked, string language, string title)
    {
        using var browser = new Browser(host) { Language = asked };

        var page = (await browser.GetAsync("/backoffice/sign-in")).Text;

        Assert.That(page, Does.Contain($"<html lang=\"{language}\">").And.Contain($"<h1>{title}</h1>"));
    }

    [Test]
    public async Task The_language_that_somebody_chose_is_kept()
    {
        using var browser = new Browser(host) { Language = "en" };

        var answer = await browser.SendFormAsync("/backoffice/sign-in", "/backoffice/language?returnUrl=%2Fbackoffice%2Fsign-in", ("culture", "pt-BR"));

        Assert.That(answer.Location, Is.EqualTo("/backoffice/sign-in"));
        Assert.That((await browser.GetAsync("/backoffice/sign-in")).Text, Does.Contain("<h1>Entrar</h1>"));
    }

    [Test]
    public void Every_text_is_there_in_both_languages()
    {
        var english = WordsIn("Words.resx");
        var portuguese = WordsIn("Words.pt-BR.resx");
        Assert.Multiple(() =>
        {
            Assert.That(english, Is.Not.Empty);
            Assert.That(portuguese.Keys, Is.EquivalentTo(english.Keys));
            Assert.That(english.Where(word => word.Key != word.Value), Is.Empty, "the English text is the key");
            Assert.That(portuguese.Values, Has.None.Empty);
            foreach (var (key, text) in portuguese)
            {
                Assert.That(Places(text), Is.EquivalentTo(Places(key)), key);
            }
        });

        static IEnumerable<string> Places(string text) => Regex.Matches(text, @"\{\d\}", RegexOptions.None, TimeSpan.FromMinutes(1)).Select(match => match.Value);
    }

    [Test]
    public void Every_text_that_a_page_uses_is_there()
    {
        var known = WordsIn("Words.resx").Keys;
        var used = Directory.EnumerateFiles(Sources, "*.cs*", SearchOption.AllDirectories)
            .Where(file => !file.Contains("/obj/", StringComparison.Ordinal) && !file.Contains("/bin/", StringComparison.Ordinal))
            .SelectMany(file => Regex.Matches(File.ReadAllText(file), "\\b(T|words)\\[\"(?<text>(?:[^\"\\\\]|\\\\.)*)\"", RegexOptions.ExplicitCapture, TimeSpan.FromMinutes(1)))
            .Select(match => match.Groups["text"].Value)
            .Concat(Words.OfErrors.Values)
            .Concat(TicketBooth.Dashboard.Pages.ReasonTexts.OfCodes.Values)
            .Concat(StaffActionNames.Kinds.Values)
            .Concat(TicketBooth.Dashboard.Pages.Mails.MailTexts.Kinds.Values)
            .Concat([StaffActionNames.OfOutcome("begun"), StaffActionNames.OfOutcome("done"), StaffActionNames.OfOutcome("busy")])
            .Concat(PricesModel.Labels.Values)
            .Concat(PricingPresets.All.Select(preset => preset.Text))
            .Concat(EventTabs.All.Select(tab => tab.Text))
            .Concat(AuditLogFields.Names.Values)
            .Concat([Days.Wrong])
            .Concat(Regex.Matches(File.ReadAllText(Path.Combine(EventRules, "EventFormRules.cs")) + File.ReadAllText(Path.Combine(EventRules, "CreateEvent.cs")) + File.ReadAllText(TextRules),
                "WithMessage\\(\"(?<text>[^\"]*)\"", RegexOptions.ExplicitCapture, TimeSpan.FromMinutes(1)).Select(match => match.Groups["text"].Value));

        Assert.That(used.Except(known, StringComparer.Ordinal), Is.Empty);
    }

    [Test]
    public void Every_reason_of_a_payment_and_of_a_refund_has_words()
    {
        var modules = Path.Combine(SourceTree.Root, "src", "Modules");
        var declines = Regex.Matches(
            File.ReadAllText(Path.Combine(modules, "Payments", "TicketBooth.Payments", "Paying", "DeclineWords.resx")),
            "<data name=\"(?<code>[^\"]+)\"", RegexOptions.ExplicitCapture, TimeSpan.FromMinutes(1));
        string[] rules = ["Domain/PaymentRules.cs", "Domain/RefundRules.cs", "Domain/GatewayRefundRules.cs", "Orders/CancelOrder.cs", "Orders/CanceledEvents.cs"];
        var refunds = rules
            .Select(file => File.ReadAllText(Path.Combine(modules, "Booking", "TicketBooth.Booking", file)))
            .SelectMany(text => Regex.Matches(text, "(const string \\w+ = |, )\"(?<code>[a-z]+(-[a-z]+)+)\"(;|, now)", RegexOptions.ExplicitCapture, TimeSpan.FromMinutes(1)))
            .ToList();

        Assert.That(declines, Has.Count.GreaterThan(10));
        Assert.That(refunds, Has.Count.GreaterThan(8));
        Assert.That(
            declines.Concat(refunds).Select(match => match.Groups["code"].Value).Except(TicketBooth.Dashboard.Pages.ReasonTexts.OfCodes.Keys, StringComparer.Ordinal),
            Is.Empty);
    }

    [Test]
    public void No_page_says_what_the_glossary_says_otherwise()
    {
        var rows = File.ReadLines(Path.Combine(SourceTree.Root, "docs", "glossary.md"))
            .SkipWhile(line => line != "## How pages say it")
            .Select(line => line.Split('|', StringSplitOptions.TrimEntries))
            .Where(cells => cells.Length == 4 && cells[2] is not ("not" or "---"))
            .ToList();
        Assert.That(rows, Has.Count.GreaterThan(5));
        var texts = WordsIn("Words.resx").Values;

        Assert.That(
            rows.Select(cells => cells[2]).Where(avoided => texts.Any(text => Regex.IsMatch(text, $@"\b{Regex.Escape(avoided)}\b", RegexOptions.IgnoreCase, TimeSpan.FromMinutes(1)))),
            Is.Empty);
    }

    [Test]
    public void Every_act_of_staff_has_a_name()
    {
        string[] modules = ["Accounts", "Admissions", "Booking", "Dashboard", "Events", "Notifications", "Payments"];
        var acts = modules.SelectMany(module => new[] { $"TicketBooth.{module}", $"TicketBooth.{module}.Contracts" })
            .SelectMany(name => Assembly.Load(name).GetTypes())
            .Where(type => !type.IsAbstract && type.IsAssignableTo(typeof(IStaffAction)))
            .Select(type => ((IStaffAction)RuntimeHelpers.GetUninitializedObject(type)).Kind)
            .Append("withdraw-tickets")
            .Append("reconcile-read-model");

        Assert.That(StaffActionNames.Kinds.Keys, Is.EquivalentTo(acts));
    }

    [TestCase("en-US", 123_456_789, "BRL", "R$1,234,567.89")]
    [TestCase("pt-BR", 123_456_789, "BRL", "R$ 1.234.567,89")]
    [TestCase("pt-BR", -5_00, "USD", "-US$ 5,00")]
    [TestCase("en-GB", 100, "CHF", "CHF 1.00")]
    public void Money_is_written_as_its_reader_does(string culture, long cents, string currency, string text)
    {
        var before = CultureInfo.CurrentCulture;
        CultureInfo.CurrentCulture = new CultureInfo(culture);
        try
        {
            Assert.That(Show.Money(cents, currency).Replace('\u00a0', ' '), Is.EqualTo(text));
        }
        finally
        {
            CultureInfo.CurrentCulture = before;
        }
    }

    [TestCase("Dashboard:TimeZone", "Mars/Olympus")]
    [TestCase("Dashboard:TimeZone", "")]
    [TestCase("Dashboard:SessionHours", "0")]
    public void A_setting_that_makes_no_sense_stops_the_start_with_its_name(string setting, string value)
    {
        var failure = Assert.ThrowsAsync<Microsoft.Extensions.Options.OptionsValidationException>(async () =>
        {
            await using var started = await DashboardHost.StartAsync(settings: (setting, value));
        });

        Assert.That(failure!.Failures, Has.One.StartsWith(setting + ": "));
    }

    [Test]
    public async Task No_address_stands_in_the_log()
    {
        var log = new CapturedLog();
        await using var watched = await DashboardHost.StartAsync(services: log.AddTo);
        await Browser.NewUserAsync(watched, "bruna@example.com", "clerk");
        using var bruna = await Browser.SignedInAsync(watched, "bruna@example.com", Browser.Password);
        using var somebody = new Browser(watched);
        await somebody.SignInAsync("bruna@example.com", "wrong");
        using var boss = await Browser.AdminAsync(watched);
        await boss.GetAsync("/backoffice/users");

        Assert.That(log.Lines, Is.Not.Empty);
        Assert.That(log.Lines, Has.None.Contains("bruna@example.com").And.None.Contains(TestUsers.AdminEmail).And.None.Contains("BRUNA@EXAMPLE.COM"));
    }

    private static Dictionary<string, string> WordsIn(string file) => XDocument.Load(Path.Combine(Sources, "Shell", file)).Root!.Elements("data")
        .ToDictionary(data => (string)data.Attribute("name")!, data => data.Element("value")!.Value, StringComparer.Ordinal);
}
