using System.Collections.Concurrent;
using Deque.AxeCore.Commons;
using Deque.AxeCore.Playwright;
using Microsoft.Playwright;
using TicketBooth.Testing;

namespace TicketBooth.Browser.Tests;

/// <summary>Debian's Chromium, shared by all tests of this project.</summary>
[SetUpFixture]
public sealed class Chromium
{
    private const string Path = "/usr/bin/chromium";

    /// <summary>In milliseconds: a minute, as everywhere in these tests; it costs only where something is wrong.</summary>
    internal const float Patience = 120_000;

    private static IPlaywright? playwright;

    /// <summary>Null where there is no Chromium; tests then say that they did not run.</summary>
    internal static IBrowser? Browser { get; private set; }

    [OneTimeSetUp]
    public async Task Launch()
    {
        if (!File.Exists(Path))
        {
            return;
        }

        Assertions.SetDefaultExpectTimeout(Patience);
        playwright = await Playwright.CreateAsync();
        Browser = await playwright.Chromium.LaunchAsync(new BrowserTypeLaunchOptions
        {
            ExecutablePath = Path,
            Args = [
                // Playwright's own, and no process in advance for a page that nobody opens.
                "--disable-features=AvoidUnnecessaryBeforeUnloadCheckSync,DestroyProfileOnBrowserClose,HttpsUpgrades,PaintHolding,Translate,OptimizationHints,SpareRendererForSitePerProcess",
                "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking", "--disable-component-update", "--disable-sync"],
        });
    }

    [OneTimeTearDown]
    public async Task Close()
    {
        await (Browser?.CloseAsync() ?? Task.CompletedTask);
        playwright?.Dispose();
    }
}

/// <summary>A person at the back office: a browser of their own, on a host.</summary>
internal sealed class BackOffice : IAsyncDisposable
{
    /// <summary>Who has signed in at which host: the cookies of one sign-in serve every browser of that person.</summary>
    private static readonly ConcurrentDictionary<(TestHost Host, string Email), string> SignIns = new();

    // A picture costs as much as the page that it shows, and no test reads it.
    private static readonly string? Shots = Environment.GetEnvironmentVariable("TICKETBOOTH_PICTURES") is { Length: > 0 }
        ? System.IO.Path.Combine(TestContext.CurrentContext.WorkDirectory, "screenshots")
        : null;

    private readonly IBrowserContext context;

    private BackOffice(IBrowserContext context, IPage page) => (this.context, Page) = (context, page);

    public IPage Page { get; }

    /// <summary>What the page's script complained about.</summary>
    public List<string> Complaints { get; } = [];

    public static async Task<BackOffice> OpenAsync(
        TestHost host, bool isPhone = false, bool isDark = false, string language = "en-US", string? cookies = null)
    {
        if (Chromium.Browser is null)
        {
            Assert.Ignore("There is no /usr/bin/chromium (Debian: apt-get install chromium; tests/run does it as root).");
        }

        var alone = await Chromium.Browser.NewContextAsync(new BrowserNewContextOptions
        {
            BaseURL = host.Address.ToString(),
            ViewportSize = isPhone ? new ViewportSize { Width = 390, Height = 844 } : new ViewportSize { Width = 1440, Height = 900 },
            ColorScheme = isDark ? ColorScheme.Dark : ColorScheme.Light,
            Locale = language,
            StorageState = cookies,
        });
        alone.SetDefaultTimeout(Chromium.Patience);
        var page = await alone.NewPageAsync();
        var office = new BackOffice(alone, page);
        page.PageError += (_, error) => office.Complaints.Add(error);
        page.Console += (_, message) =>
        {
            if (message.Type == "error")
            {
                office.Complaints.Add(message.Text);
            }
        };
        return office;
    }

    public static async Task<BackOffice> SignedInAsync(
        TestHost host, string email = TestUsers.AdminEmail, string password = TestUsers.AdminPassword, bool isPhone = false, bool isDark = false, string language = "en-US")
    {
        if (SignIns.TryGetValue((host, email), out var cookies))
        {
            return await OpenAsync(host, isPhone, isDark, language, cookies);
        }

        var office = await OpenAsync(host, isPhone, isDark, language);
        await office.SignInAsync(email, password);
        SignIns[(host, email)] = await office.context.StorageStateAsync();
        return office;
    }

    public async Task SignInAsync(string email, string password)
    {
        await Page.GotoAsync("/backoffice/sign-in");
        await Page.Locator("input[type=email]").FillAsync(email);
        await Page.Locator("input[type=password]").FillAsync(password);
        await Page.Locator("main button").ClickAsync();

        // Events of the next page may be missed on a busy machine; what it shows, and the page for signing in does not, cannot.
        await Assertions.Expect(Page.Locator(".top .who")).ToBeAttachedAsync();
    }

    /// <summary>Opens a page and waits for its live figures where it has some.</summary>
    public async Task GoAsync(string path)
    {
        await Page.GotoAsync(path);
        if (await Page.Locator("[data-live]").CountAsync() > 0)
        {
            await Assertions.Expect(Page.Locator("[data-live-state][data-state=now]")).ToBeVisibleAsync();
        }
    }

    /// <summary>Keeps a picture of the page beside the test results, to be looked at, where <c>TICKETBOOTH_PICTURES</c> is set.</summary>
    public async Task ShootAsync(string name)
    {
        if (Shots is null)
        {
            return;
        }

        Directory.CreateDirectory(Shots);
        var file = System.IO.Path.Combine(Shots, name + ".png");
        await Page.ScreenshotAsync(new PageScreenshotOptions { Path = file, FullPage = true });
        TestContext.AddTestAttachment(file);
    }

    /// <summary>Whether axe finds something that keeps people from using the page: what, and where.</summary>
    public async Task<IEnumerable<string>> FindBarriersAsync()
    {
        // A sandboxed frame runs no script, and axe would wait for its own in there for ever. It shows a mail, which MailTests look at.
        await Page.EvaluateAsync("document.querySelectorAll('iframe[sandbox]').forEach(frame => frame.remove())");

        // Only what is wrong is told: of a long page the list of what is right is longer than the page.
        var found = await Page.RunAxe(new AxeRunOptions { ResultTypes = [ResultType.Violations] });
        return found.Violations.Select(violation => $"{violation.Id}: {violation.Help} ({string.Join(", ", violation.Nodes.Select(node => node.Html))})");
    }

    /// <summary>Whether something sticks out of the window's side.</summary>
    public async Task<bool> ScrollsSidewaysAsync() =>
        await Page.EvaluateAsync<int>("document.documentElement.scrollWidth") > Page.ViewportSize!.Width;

    public async ValueTask DisposeAsync() => await context.DisposeAsync();
}

/// <summary>The browsers of a fixture whose tests only look: a desk and a phone, which go from page to page.</summary>
internal sealed class Onlookers(TestHost host, string phoneLanguage = "en-US", bool isPhoneDark = false) : IAsyncDisposable
{
    private BackOffice? desk;
    private BackOffice? phone;

    public async Task<BackOffice> AtAsync(bool isPhone, string path)
    {
        var office = isPhone
            ? phone ??= await BackOffice.SignedInAsync(host, isPhone: true, isDark: isPhoneDark, language: phoneLanguage)
            : desk ??= await BackOffice.SignedInAsync(host);
        office.Complaints.Clear();
        await office.GoAsync(path);
        return office;
    }

    public async ValueTask DisposeAsync()
    {
        await (desk?.DisposeAsync() ?? default);
        await (phone?.DisposeAsync() ?? default);
    }
}
