using System.Net;
using MediatR;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Time.Testing;
using TicketBooth.Accounts.Contracts;
using TicketBooth.Accounts.Domain;
using TicketBooth.Accounts.Storage;
using TicketBooth.Accounts.Tests.Support;
using TicketBooth.Testing;

namespace TicketBooth.Accounts.Tests;

internal sealed class SignUpTests(Provider provider) : AccountsFixture(provider)
{
    private TestHost host = null!;

    private static readonly string LongPassword = string.Concat(Enumerable.Range(10, 65));

    [OneTimeSetUp]
    public async Task StartAsync() => host = await StartHostAsync();

    [OneTimeTearDown]
    public async Task StopAsync() => await host.DisposeAsync();

    [Test]
    public async Task Answers_with_the_new_account_and_never_with_the_password()
    {
        var reply = await host.SignUpAsync(Mine("Ana@Example.com"), "Ana Souza");

        Assert.Multiple(() =>
        {
            Assert.That(reply.Status, Is.EqualTo(HttpStatusCode.Created));
            Assert.That(reply.Body!.Select(field => field.Key), Is.EqualTo(["id", "name", "email"]));
            Assert.That(Guid.Parse(reply.Text("id")).Version, Is.EqualTo(7));
            Assert.That(reply.Text("name"), Is.EqualTo("Ana Souza"));
            Assert.That(reply.Text("email"), Is.EqualTo(Mine("Ana@Example.com")));
        });
    }

    [TestCase("João da Conceição")]
    [TestCase("山田 太郎")]
    [TestCase("نجيب محفوظ")]
    [TestCase("👩‍👩‍👧 O'Neill-Ünal")]
    public async Task Keeps_names_of_every_script_as_they_were_written(string name)
    {
        var registered = await host.SignUpAsync(Email, name);
        var me = await host.MeAsync((await host.SignInAsync(Email)).Text("accessToken"));

        Assert.That(registered.Text("name"), Is.EqualTo(name));
        Assert.That(me.Text("name"), Is.EqualTo(name));
    }

    [Test]
    public async Task Who_asks_for_many_addresses_learns_one_a_minute()
    {
        var clock = new FakeTimeProvider(new DateTimeOffset(2026, 12, 1, 20, 0, 0, TimeSpan.Zero));
        await using var database = NewDatabase();
        await using var asked = await AccountsApi.StartAsync(clock, database, settings: ("Accounts:FreeTakenSignUps", "10"));
        await asked.SignUpAsync(Email);
        for (var i = 0; i < 10; i++)
        {
            Assert.That((await asked.SignUpAsync(Email)).Code, Is.EqualTo("email-taken"));
        }

        var taken = await asked.SignUpAsync(Email);
        var free = await asked.SignUpAsync("free-" + Email);
        clock.Advance(TimeSpan.FromMinutes(1));
        var later = await asked.SignUpAsync("free-" + Email);
        var last = await asked.SignUpAsync(Email);
        var again = await asked.SignUpAsync("another-" + Email);

        Assert.Multiple(() =>
        {
            Assert.That((taken.Status, taken.Code), Is.EqualTo((HttpStatusCode.TooManyRequests, "sign-up-pause")));
            Assert.That((free.Status, free.Code), Is.EqualTo((taken.Status, taken.Code)), "the pause tells nothing either");
            Assert.That(taken.Headers.RetryAfter?.Delta, Is.EqualTo(TimeSpan.FromMinutes(1)));
            Assert.That(later.Status, Is.EqualTo(HttpStatusCode.Created));
            Assert.That(last.Code, Is.EqualTo("email-taken"));
            Assert.That(again.Code, Is.EqualTo("sign-up-pause"));
        });
    }

    [TestCase("", "ana@example.com", AccountsApi.Password, "name")]
    [TestCase("   ", "ana@example.com", AccountsApi.Password, "name")]
    [TestCase("Ana\nSouza", "ana@example.com", AccountsApi.Password, "name")]
    [TestCase("Ana\u0000", "ana@example.com", AccountsApi.Password, "name")]
    [TestCase("Ana\u2028Souza", "ana@example.com", AccountsApi.Password, "name")]
    [TestCase("Ana\u202egpj", "ana@example.com", AccountsApi.Password, "name")]
    [TestCase("\u2066Ana", "ana@example.com", AccountsApi.Password, "name")]
    [TestCase("Ana\u200f", "ana@example.com", AccountsApi.Password, "name")]
    [TestCase("Ana\ufffe", "ana@example.com", AccountsApi.Password, "name")]
    [TestCase("Ana\u0378", "ana@example.com", AccountsApi.Password, "name")]
    [TestCase("Ana\ue000", "ana@example.com", AccountsApi.Password, "name")]
    [TestCase("\u200b\u200d", "ana@example.com", AccountsApi.Password, "name")]
    [TestCase("Ana", "\u0430na@example.com", AccountsApi.Password, "email")]
    [TestCase("Ana", "an\u00e1@example.com", AccountsApi.Password, "email")]
    [TestCase("Ana", "ana@ex\u200bample.com", AccountsApi.Password, "email")]
    [TestCase("Ana", "ana@\ufffe.com", AccountsApi.Password, "email")]
    [TestCase("Ana", "\"ana\"@example.com", AccountsApi.Password, "email")]
    [TestCase("Ana", "ana..souza@example.com", AccountsApi.Password, "email")]
    [TestCase("Ana", "ana@example..com", AccountsApi.Password, "email")]
    [TestCase("Ana", "", AccountsApi.Password, "email")]
    [TestCase("Ana", "ana", AccountsApi.Password, "email")]
    [TestCase("Ana", "@example.com", AccountsApi.Password, "email")]
    [TestCase("Ana", "ana@", AccountsApi.Password, "email")]
    [TestCase("Ana", "a@b@c", AccountsApi.Password, "email")]
    [TestCase("Ana", "ana @example.com", AccountsApi.Password, "email")]
    [TestCase("Ana", "ana@example.com\r\nBcc: x", AccountsApi.Password, "email")]
    [TestCase("Ana", "ana@example.com", "1234567", "password")]
    [TestCase("Ana", "ana@example.com", "", "password")]
    [TestCase("Ana", "ana@example.com", "        ", "password")]
    [TestCase("Ana", "ana@example.com", "\u3000\u3000\u3000\u3000\u3000\u3000\u3000\u3000", "password")]
    [TestCase("Ana", "ana@example.com", "Ana@Example.COM", "password")]
    [TestCase("Ana", "anasouza@example.com", "AnaSouza", "password")]
    [TestCase("Ana Souza", "ana@example.com", "ana souza", "password")]
    [TestCase("Ana Souza", "ana@example.com", "anasouza", "password")]
    [TestCase("Ana", "ana@example.com", "uncommon\ufffe", "password")]
    public async Task Refuses_what_breaks_a_rule_and_names_the_field(string name, string email, string password, string field)
    {
        var reply = await host.SignUpAsync(email, name, password);

        Assert.Multiple(() =>
        {
            Assert.That(reply.Status, Is.EqualTo(HttpStatusCode.UnprocessableEntity));
            Assert.That(reply.Code, Is.EqualTo("validation-failed"));
            Assert.That(reply.MediaType, Is.EqualTo("application/problem+json"));
            Assert.That(reply.Body!["errors"]!.AsObject().Select(error => error.Key), Is.EqualTo([field]));
        });
    }

    [TestCase(200, 8, HttpStatusCode.Created)]
    [TestCase(201, 8, HttpStatusCode.UnprocessableEntity)]
    [TestCase(1, 128, HttpStatusCode.Created)]
    [TestCase(1, 129, HttpStatusCode.UnprocessableEntity)]
    public async Task Takes_names_to_200_and_passwords_to_128_characters(int name, int password, HttpStatusCode status)
    {
        var reply = await host.SignUpAsync(Email, new string('n', name), LongPassword[..password]);

        Assert.That(reply.Status, Is.EqualTo(status));
    }

    [TestCase("password", ExpectedResult = true)]
    [TestCase("PASSWORD", ExpectedResult = true)]
    [TestCase("p@ssw0rd!", ExpectedResult = true)]
    [TestCase("Passw0rd123", ExpectedResult = true)]
    [TestCase("senha2026", ExpectedResult = true)]
    [TestCase("senhasenha", ExpectedResult = true)]
    [TestCase("Flamengo10", ExpectedResult = true)]
    [TestCase("coraç\u00e3o", ExpectedResult = false)]
    [TestCase("12345678", ExpectedResult = true)]
    [TestCase("987654321a", ExpectedResult = true)]
    [TestCase("qwertyuiop", ExpectedResult = true)]
    [TestCase("1q2w3e4r", ExpectedResult = true)]
    [TestCase("qwerty123", ExpectedResult = true)]
    [TestCase("aaaaaaaaaaaa", ExpectedResult = true)]
    [TestCase("abcabcabc", ExpectedResult = true)]
    [TestCase("19991999", ExpectedResult = true)]
    [TestCase("iloveyou!!", ExpectedResult = true)]
    [TestCase("a-long-password", ExpectedResult = false)]
    [TestCase("admin-password", ExpectedResult = false)]
    [TestCase("correct-horse-battery", ExpectedResult = false)]
    [TestCase("xk3#9dLq", ExpectedResult = false)]
    [TestCase("kingfisher bay", ExpectedResult = false)]
    public bool Knows_what_everybody_tries_first(string password) => CommonPasswords.Contains(PasswordRules.Normalize(password));

    /// <summary>Portuguese keyboards send an accent as a character of its own, or not.</summary>
    [TestCase("cora\u00e7\u00e3o-vermelho", "corac\u0327a\u0303o-vermelho")]
    [TestCase("corac\u0327a\u0303o-vermelho", "cora\u00e7\u00e3o-vermelho")]
    [TestCase("\uff43\uff41\uff53\uff49\uff4e\uff4f-9876", "casino-9876")]
    public async Task A_password_is_the_same_however_a_keyboard_sends_it(string typed, string later)
    {
        await host.SignUpAsync(Email, password: typed);

        Assert.That((await host.SignInAsync(Email, later)).Status, Is.EqualTo(HttpStatusCode.OK));
        Assert.That((await host.SignInAsync(Email, later + "x")).Code, Is.EqualTo("invalid-credentials"));
    }

    [Test]
    public async Task A_password_that_a_former_release_hashed_as_it_was_typed_still_works_and_then_in_every_form()
    {
        const string Composed = "cora\u00e7\u00e3o-vermelho";
        var decomposed = Composed.Normalize(System.Text.NormalizationForm.FormD);
        await host.SignUpAsync(Email);
        var former = new Microsoft.AspNetCore.Identity.PasswordHasher<User>().HashPassword(new User(), decomposed);
        Database.Sql($"UPDATE AspNetUsers SET PasswordHash = '{former}' WHERE Email = '{Email}'");

        var first = await host.SignInAsync(Email, Composed);
        var renewed = (string)Database.Value($"SELECT PasswordHash FROM AspNetUsers WHERE Email = '{Email}'")!;

        Assert.That(first.Status, Is.EqualTo(HttpStatusCode.OK));
        Assert.That(
            new Microsoft.AspNetCore.Identity.PasswordHasher<User>().VerifyHashedPassword(new User(), renewed, Composed),
            Is.Not.EqualTo(Microsoft.AspNetCore.Identity.PasswordVerificationResult.Failed));
        Assert.That((await host.SignInAsync(Email, decomposed)).Status, Is.EqualTo(HttpStatusCode.OK));
    }

    [Test]
    public async Task Blanks_around_an_address_and_a_name_are_left_out()
    {
        var registered = await host.SignUpAsync($" {Email}\u00a0", "  Joa\u0303o ");

        Assert.Multiple(async () =>
        {
            Assert.That(registered.Text("email"), Is.EqualTo(Email));
            Assert.That(registered.Text("name"), Is.EqualTo("Jo\u00e3o"));
            Assert.That((await host.SignInAsync($"  {Email} ")).Status, Is.EqualTo(HttpStatusCode.OK));
            Assert.That((await host.SignUpAsync(Email + " ")).Code, Is.EqualTo("email-taken"));
        });
    }

    [TestCase("\ufffe@example.com")]
    [TestCase("ana\u0000@example.com")]
    [TestCase("\u202e@example.com")]
    public async Task An_address_of_characters_that_nobody_has_is_a_wrong_one(string email)
    {
        Assert.That((await host.SignInAsync(email)).Code, Is.EqualTo("invalid-credentials"));
        Assert.That((await host.SignInAsync(Email, "uncommon\ufffe")).Code, Is.EqualTo("invalid-credentials"));
    }

    [Test]
    public void Hashes_cost_what_OWASP_recommends() => Assert.That(new AccountsOptions().PasswordIterations, Is.EqualTo(210_000));

    [TestCase(254, HttpStatusCode.Created)]
    [TestCase(255, HttpStatusCode.UnprocessableEntity)]
    public async Task Takes_addresses_to_254_characters(int length, HttpStatusCode status)
    {
        const string Domain = "@example.com";

        var reply = await host.SignUpAsync(new string('a', length - Domain.Length) + Domain);

        Assert.That(reply.Status, Is.EqualTo(status));
    }

    [Test]
    public async Task Refuses_a_missing_field_as_malformed()
    {
        var reply = await host.SendAsync(HttpMethod.Post, "/api/v1/accounts", new { name = "Ana", email = "ana@example.com" });

        Assert.That(reply.Status, Is.EqualTo(HttpStatusCode.BadRequest));
        Assert.That(reply.Code, Is.EqualTo("missing-field"));
    }

    [TestCase("ana@example.com")]
    [TestCase("ANA@Example.COM")]
    public async Task Refuses_an_address_that_is_taken_in_whatever_case(string second)
    {
        await host.SignUpAsync(Email);

        var reply = await host.SignUpAsync(Mine(second));

        Assert.That(reply.Status, Is.EqualTo(HttpStatusCode.Conflict));
        Assert.That(reply.Code, Is.EqualTo("email-taken"));
    }

    [Test]
    public async Task Of_many_who_want_one_address_at_once_exactly_one_gets_it()
    {
        var replies = await Task.WhenAll(Enumerable.Range(0, 16).Select(_ => host.SignUpAsync(Email)));

        Assert.Multiple(() =>
        {
            Assert.That(replies.Count(reply => reply.Status == HttpStatusCode.Created), Is.EqualTo(1));
            Assert.That(replies.Count(reply => reply.Code == "email-taken"), Is.EqualTo(15));
            Assert.That(
                Database.Sql($"SELECT COUNT(*) FROM AspNetUsers WHERE NormalizedEmail = '{Email.ToUpperInvariant()}'"), Is.EqualTo(1));
        });
    }

    [Test]
    public async Task Without_the_unique_index_the_race_would_make_two_accounts()
    {
        await using var spoiled = NewDatabase();
        await using var careless = await AccountsApi.StartAsync(database: spoiled);
        spoiled.DropIndex("AspNetUsers", "EmailIndex");
        spoiled.DropIndex("AspNetUsers", "UserNameIndex");

        await Task.WhenAll(Enumerable.Range(0, 2).Select(_ => careless.SignUpAsync("ana@example.com")));

        Assert.That(spoiled.Sql("SELECT COUNT(*) FROM AspNetUsers WHERE NormalizedEmail = 'ANA@EXAMPLE.COM'"), Is.EqualTo(2));
    }

    [Test]
    public async Task Makes_customers_and_nothing_more()
    {
        var me = await host.MeAsync((await host.NewCustomerAsync(Email)).Text("accessToken"));

        Assert.That(me.Body!["roles"]!.AsArray().Select(role => (string?)role), Is.EqualTo(["customer"]));
    }

    [Test]
    public async Task Answers_other_modules_through_the_contract()
    {
        await using var scope = host.App.Services.CreateAsyncScope();
        var mediator = scope.ServiceProvider.GetRequiredService<IMediator>();

        var registered = await mediator.Send(new RegisterUser("Ana", Email, AccountsApi.Password));
        var weak = await mediator.Send(new RegisterUser("Bia", Mine("bia@example.com"), "1234567"));
        var halfCharacter = await mediator.Send(new RegisterUser("Bia\ud83c", Mine("bia@example.com"), AccountsApi.Password));

        Assert.Multiple(() =>
        {
            Assert.That(registered.Value, Is.EqualTo(new RegisteredUser(registered.Value.Id, "Ana", Email)));
            Assert.That(weak.Error?.Code, Is.EqualTo("validation-failed"));
            Assert.That(halfCharacter.Error?.Code, Is.EqualTo("validation-failed"));
        });
    }

    [Test]
    public async Task Leaves_no_name_address_or_password_in_the_log()
    {
        using var log = new Lines();
        await using var database = NewDatabase();
        await using var noisy = await AccountsApi.StartAsync(
            database: database,
            services: services => services.AddLogging(logging => logging.AddProvider(log).AddFilter<Lines>(null, LogLevel.Debug)));

        await noisy.SignUpAsync("secret-ana@example.com", "Secret Ana");
        await noisy.SignUpAsync("secret-ana@example.com", "Secret Ana");
        await noisy.SignInAsync("secret-ana@example.com");
        await noisy.SignInAsync("secret-ana@example.com", "secret-guess");

        Assert.That(log.All, Has.Some.Contains($"INSERT INTO {database.Quoted("AspNetUsers")}"), "the log that this test listens to");
        Assert.That(log.All.Where(line => line.Contains("secret", StringComparison.OrdinalIgnoreCase)), Is.Empty);
    }

    private sealed class Lines : ILoggerProvider, ILogger
    {
        private readonly System.Collections.Concurrent.ConcurrentQueue<string> lines = new();

        public IReadOnlyCollection<string> All => [.. lines];

        public ILogger CreateLogger(string categoryName) => this;

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
            lines.Enqueue(formatter(state, exception) + exception);

        public void Dispose()
        {
        }
    }
}
