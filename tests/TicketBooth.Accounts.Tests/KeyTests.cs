using System.Net;
using System.Runtime.Versioning;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using TicketBooth.Accounts.Contracts;
using TicketBooth.Accounts.Keys;
using TicketBooth.Accounts.Tests.Support;
using TicketBooth.Accounts.Tokens;
using TicketBooth.BuildingBlocks.Kernel;
using TicketBooth.Host;

namespace TicketBooth.Accounts.Tests;

/// <summary>Where keys lie, what protects them, and what becomes of those of a former release.</summary>
internal sealed class KeyTests(Provider provider) : EmptyDatabaseFixture(provider)
{
    private const string PlainKey = "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ";

    private readonly Provider provider = provider;
    private string folder = null!;

    private string Keys => provider == Provider.Sqlite ? Path.Combine(Database.Folder!, "keys") : Path.Combine(folder, "keys");

    /// <summary>The default of a host with files; what an operator sets where there is a server.</summary>
    private (string Key, string Value)[] InFolder => provider == Provider.Sqlite ? [] : [("Accounts:Keys:Folder", Keys)];

    [SetUp]
    public void MakeFolder() => folder = Directory.CreateTempSubdirectory("ticketbooth-keys-").FullName;

    [TearDown]
    public void RemoveFolder() => Directory.Delete(folder, recursive: true);

    [Test]
    [UnsupportedOSPlatform("windows")]
    [Platform(Exclude = "Win")]
    public async Task A_copy_of_the_database_holds_no_key_in_the_clear()
    {
        await using var host = await StartHostAsync(settings: InFolder);
        var id = Guid.Parse((await host.SignUpAsync("ana@example.com")).Text("id"));
        var factor = (await host.SendAsync(new BeginSecondFactor(id))).Value.Key;

        Assert.Multiple(() =>
        {
            Assert.That(Database.Sql("SELECT COUNT(*) FROM CookieKeys"), Is.Zero);
            Assert.That(((byte[])Database.Value("SELECT PrivateKey FROM SigningKeys")!)[0], Is.Not.EqualTo((byte)0x30));
            Assert.That(StoredFactor, Is.Not.EqualTo(factor).And.Length.GreaterThan(64));
            Assert.That(File.GetUnixFileMode(Keys), Is.EqualTo(UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute));
            Assert.That(Directory.GetFiles(Keys).Select(File.GetUnixFileMode), Is.EqualTo([UnixFileMode.UserRead | UnixFileMode.UserWrite]));
        });
    }

    [Test]
    public async Task Keys_of_a_former_release_are_moved_and_protected_by_the_start_and_go_on_working()
    {
        Reply tokens;
        string cookie;
        Guid id;
        var former = SigningKeys.Make(TimeProvider.System.GetUtcNow());
        await using (var first = await StartHostAsync(settings: InFolder))
        {
            id = Guid.Parse((await first.SignUpAsync("ana@example.com")).Text("id"));
            await first.SendAsync(new BeginSecondFactor(id));
            cookie = first.Protect("a session");
        }

        // As the former release left them.
        Database.Sql("DELETE FROM SigningKeys");
        Database.Insert(former);
        Database.Sql($"UPDATE AspNetUserTokens SET Value = '{PlainKey}' WHERE Name = 'AuthenticatorKey'");
        foreach (var file in Directory.GetFiles(Keys))
        {
            Database.Sql($"INSERT INTO CookieKeys(Id, Xml) VALUES ('{Path.GetFileNameWithoutExtension(file)}', '{await File.ReadAllTextAsync(file)}')");
            File.Delete(file);
        }

        await using (var upgraded = await StartHostAsync(settings: InFolder))
        {
            tokens = await upgraded.SignInAsync("ana@example.com");
            Assert.That(upgraded.Unprotect(cookie), Is.EqualTo("a session"));
            Assert.That((await upgraded.SendAsync(new BeginSecondFactor(id))).Value.Key, Is.EqualTo(PlainKey));
        }

        Assert.That(Database.Sql("SELECT COUNT(*) FROM CookieKeys"), Is.Zero);
        Assert.That(((byte[])Database.Value("SELECT PrivateKey FROM SigningKeys")!)[0], Is.Not.EqualTo((byte)0x30));
        Assert.That(StoredFactor, Is.Not.EqualTo(PlainKey));
        await using var second = await StartHostAsync(settings: InFolder);
        Assert.That((await second.MeAsync(tokens.Text("accessToken"))).Status, Is.EqualTo(HttpStatusCode.OK));
    }

    [TestCase(false)]
    [TestCase(true)]
    public async Task A_certificate_encrypts_the_keys_also_those_that_are_there(bool later)
    {
        var certificate = NewCertificate("secret");
        (string Key, string Value)[] settings = [("Accounts:Keys:Certificate", certificate), ("Accounts:Keys:CertificatePassword", "secret")];
        Reply tokens;
        await using (var first = await StartHostAsync(settings: later ? [] : settings))
        {
            tokens = await first.NewCustomerAsync();
        }

        await using (var second = await StartHostAsync(settings: settings))
        {
            Assert.That((await second.MeAsync(tokens.Text("accessToken"))).Status, Is.EqualTo(HttpStatusCode.OK));
        }

        var stored = provider == Provider.Sqlite ? await File.ReadAllTextAsync(Directory.GetFiles(Keys).Single()) : (string)Database.Value("SELECT Xml FROM CookieKeys")!;
        Assert.That(stored, Does.Contain("encryptedSecret").And.Not.Contain("requiresEncryption"));
        var failure = Assert.ThrowsAsync<StorageException>(async () => await StartHostAsync());
        Assert.That(failure!.Message, Does.StartWith("Accounts:Keys: "), "without the certificate nothing is readable");
    }

    [Test]
    public async Task Lost_keys_stop_the_start_and_are_not_replaced()
    {
        await (await StartHostAsync(settings: InFolder)).DisposeAsync();
        Directory.Delete(Keys, recursive: true);

        var failure = Assert.ThrowsAsync<StorageException>(async () => await StartHostAsync(settings: InFolder));

        Assert.That(failure!.Message, Does.StartWith("Accounts:Keys: "));
        Assert.That(Directory.GetFiles(Keys), Is.Empty);
    }

    [TestCase("Production", null, false)]
    [TestCase("Production", "Accounts:Keys:AllowClear", false)]
    [TestCase("Production", "Accounts:Keys:Folder", true)]
    [TestCase("Staging", null, false)]
    [TestCase("Staging", "Accounts:Keys:AllowClear", true)]
    [TestCase("Development", null, true)]
    public async Task Keys_that_would_lie_in_the_clear_stop_the_start_with_the_name_of_the_setting(string environment, string? setting, bool starts)
    {
        (string Key, string Value)[] wanted = setting is null ? [] : [(setting, setting == "Accounts:Keys:AllowClear" ? "true" : Keys)];
        (string Key, string Value)[] settings = [("Modules", "Accounts"), ("environment", environment), ("Storage:Path", folder), .. Database.Settings, .. wanted];
        await using var app = TicketBoothHost.Build([.. settings.Select(each => $"--{each.Key}={each.Value}")]);

        Assert.That(
            () => app.Services.GetRequiredService<IOptions<KeyOptions>>().Value,
            starts || provider == Provider.Sqlite
                ? Throws.Nothing
                : Throws.TypeOf<OptionsValidationException>().With.Message.StartsWith("Accounts:Keys:Certificate: "));
    }

    [Test]
    public void A_certificate_that_cannot_be_used_stops_the_start_with_the_name_of_the_setting()
    {
        foreach (var (file, password) in new[] { (Path.Combine(folder, "none.pfx"), ""), (NewCertificate("secret"), "wrong") })
        {
            var failure = Assert.ThrowsAsync<OptionsValidationException>(
                async () => await StartHostAsync(settings: [("Accounts:Keys:Certificate", file), ("Accounts:Keys:CertificatePassword", password)]));
            Assert.That(failure!.Failures, Has.One.StartsWith("Accounts:Keys:Certificate: "));
        }
    }

    private object? StoredFactor => Database.Value("SELECT Value FROM AspNetUserTokens WHERE AspNetUserTokens.Name = 'AuthenticatorKey'");

    private string NewCertificate(string password)
    {
        using var key = RSA.Create(2048);
        var request = new CertificateRequest("CN=ticketbooth", key, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        var now = TimeProvider.System.GetUtcNow();
        using var certificate = request.CreateSelfSigned(now.AddDays(-1), now.AddDays(1));
        var file = Path.Combine(folder, "keys.pfx");
        File.WriteAllBytes(file, certificate.Export(X509ContentType.Pkcs12, password));
        return file;
    }
}
