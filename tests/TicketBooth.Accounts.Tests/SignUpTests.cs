using System.Net;
using MediatR;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using TicketBooth.Accounts.Contracts;
using TicketBooth.Accounts.Tests.Support;
using TicketBooth.Testing;

namespace TicketBooth.Accounts.Tests;

internal sealed class SignUpTests(Provider provider) : AccountsFixture(provider)
{
    private TestHost host = null!;

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

    [TestCase("", "ana@example.com", "12345678", "name")]
    [TestCase("   ", "ana@example.com", "12345678", "name")]
    [TestCase("Ana\nSouza", "ana@example.com", "12345678", "name")]
    [TestCase("Ana\u0000", "ana@example.com", "12345678", "name")]
    [TestCase("Ana\u2028Souza", "ana@example.com", "12345678", "name")]
    [TestCase("Ana", "", "12345678", "email")]
    [TestCase("Ana", "ana", "12345678", "email")]
    [TestCase("Ana", "@example.com", "12345678", "email")]
    [TestCase("Ana", "ana@", "12345678", "email")]
    [TestCase("Ana", "a@b@c", "12345678", "email")]
    [TestCase("Ana", "ana @example.com", "12345678", "email")]
    [TestCase("Ana", "ana@example.com\r\nBcc: x", "12345678", "email")]
    [TestCase("Ana", "ana@example.com", "1234567", "password")]
    [TestCase("Ana", "ana@example.com", "", "password")]
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
        var reply = await host.SignUpAsync(Email, new string('n', name), new string('p', password));

        Assert.That(reply.Status, Is.EqualTo(status));
    }

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

        var registered = await mediator.Send(new RegisterUser("Ana", Email, "12345678"));
        var weak = await mediator.Send(new RegisterUser("Bia", Mine("bia@example.com"), "1234567"));
        var halfCharacter = await mediator.Send(new RegisterUser("Bia\ud83c", Mine("bia@example.com"), "12345678"));

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
