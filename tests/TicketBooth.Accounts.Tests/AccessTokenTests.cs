using System.Net;
using System.Security.Cryptography;
using System.Text.Json.Nodes;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;
using TicketBooth.Accounts.Tests.Support;
using TicketBooth.Accounts.Tokens;
using TicketBooth.Testing;

namespace TicketBooth.Accounts.Tests;

internal sealed class AccessTokenTests(Provider provider) : AccountsFixture(provider)
{
    private readonly FakeTimeProvider clock = new(new DateTimeOffset(2026, 12, 1, 20, 0, 0, TimeSpan.Zero));
    private TestHost host = null!;
    private string token = null!;

    [OneTimeSetUp]
    public async Task StartAsync() => host = await StartHostAsync(clock);

    [SetUp]
    public async Task SignInAsync() => token = (await host.NewCustomerAsync(Email)).Text("accessToken");

    [OneTimeTearDown]
    public async Task StopAsync() => await host.DisposeAsync();

    private ValidatedTokens Remembered => host.App.Services.GetRequiredService<ValidatedTokens>();

    [Test]
    public async Task Says_who_the_user_is()
    {
        var me = await host.MeAsync(token);

        Assert.Multiple(() =>
        {
            Assert.That(me.Status, Is.EqualTo(HttpStatusCode.OK));
            Assert.That(me.Body!.Select(field => field.Key), Is.EqualTo(["id", "name", "email", "roles"]));
            Assert.That(me.Text("email"), Is.EqualTo(Email));
        });
    }

    [Test]
    public async Task Needs_no_storage_to_say_so()
    {
        await using var spoiled = NewDatabase();
        await using var bereft = await AccountsApi.StartAsync(clock, spoiled);
        var known = (await bereft.NewCustomerAsync()).Text("accessToken");
        spoiled.Sql("DROP TABLE MailTokens; DROP TABLE KnownDevices; DROP TABLE Sessions; DROP TABLE RefreshTokens; DROP TABLE AspNetUserTokens; DROP TABLE AspNetUserRoles; DROP TABLE AspNetUsers");

        Assert.That((await bereft.MeAsync(known)).Text("name"), Is.EqualTo("Ana"));
    }

    [Test]
    public void Has_the_claims_that_the_house_agreed_on()
    {
        var jwt = new JsonWebToken(token);
        var payload = JsonNode.Parse(Base64UrlEncoder.Decode(jwt.EncodedPayload))!.AsObject();

        Assert.Multiple(() =>
        {
            Assert.That(jwt.Alg, Is.EqualTo("ES256"));
            Assert.That(payload.Select(claim => claim.Key), Is.EquivalentTo(["sub", "name", "email", "role", "iss", "aud", "exp", "iat", "jti", "sid"]));
            Assert.That(payload["role"]!.AsArray().Select(role => (string?)role), Is.EqualTo(["customer"]));
            Assert.That((string?)payload["iss"], Is.EqualTo("ticketbooth"));
            Assert.That((string?)payload["aud"], Is.EqualTo("ticketbooth-api"));
            Assert.That((long)payload["iat"]!, Is.EqualTo(clock.GetUtcNow().ToUnixTimeSeconds()));
            Assert.That((long)payload["exp"]!, Is.EqualTo(clock.GetUtcNow().AddMinutes(15).ToUnixTimeSeconds()));
        });
    }

    [Test]
    public async Task Can_be_verified_with_the_published_keys()
    {
        var reply = await host.SendAsync(HttpMethod.Get, "/.well-known/jwks.json");
        var keys = new JsonWebKeySet(reply.Body!.ToJsonString());

        var result = await new JsonWebTokenHandler().ValidateTokenAsync(token, new TokenValidationParameters
        {
            ValidIssuer = "ticketbooth",
            ValidAudience = "ticketbooth-api",
            IssuerSigningKeys = keys.GetSigningKeys(),
            LifetimeValidator = (_, _, _, _) => true,
        });

        Assert.Multiple(() =>
        {
            Assert.That(result.IsValid, Is.True, () => result.Exception.Message);
            Assert.That(keys.Keys.Single().KeyId, Is.EqualTo(Base64UrlEncoder.Encode(keys.Keys.Single().ComputeJwkThumbprint())));
            Assert.That(keys.Keys.Single().D, Is.Null, "the private half");
            Assert.That(reply.Headers.CacheControl?.MaxAge, Is.EqualTo(TimeSpan.FromMinutes(5)));
        });
    }

    [Test]
    public async Task A_request_without_one_is_told_to_sign_in()
    {
        var reply = await host.MeAsync(null);

        Assert.Multiple(() =>
        {
            Assert.That(reply.Status, Is.EqualTo(HttpStatusCode.Unauthorized));
            Assert.That(reply.Code, Is.EqualTo("unauthenticated"));
            Assert.That(reply.MediaType, Is.EqualTo("application/problem+json"));
            Assert.That(reply.Headers.WwwAuthenticate.Single().ToString(), Is.EqualTo("Bearer"));
        });
    }

    [Test]
    public async Task Expires_also_when_it_is_remembered()
    {
        await host.MeAsync(token);
        Assert.That(Remembered.TryFind(token, out _), Is.True);

        clock.Advance(TimeSpan.FromMinutes(15));
        var reply = await host.MeAsync(token);

        Assert.Multiple(() =>
        {
            Assert.That(reply.Status, Is.EqualTo(HttpStatusCode.Unauthorized));
            Assert.That(reply.Code, Is.EqualTo("token-expired"));
            Assert.That(reply.Headers.WwwAuthenticate.Single().ToString(), Does.StartWith("Bearer error=\"invalid_token\""));
        });
    }

    [Test]
    public async Task The_second_request_is_answered_from_memory()
    {
        Assert.That(Remembered.TryFind(token, out _), Is.False);
        await host.MeAsync(token);
        Assert.That(Remembered.TryFind(token, out var bearer), Is.True);

        bearer!.Identity.AddClaim(new System.Security.Claims.Claim("role", "only-in-memory"));
        var me = await host.MeAsync(token);

        Assert.That(me.Body!["roles"]!.AsArray().Select(role => (string?)role), Does.Contain("only-in-memory"));
    }

    public static IEnumerable<TestCaseData> Forgeries()
    {
        yield return Forgery("another key under our key's name", (test, ours) => test.Sign(new ECDsaSecurityKey(ECDsa.Create(ECCurve.NamedCurves.nistP256)) { KeyId = ours.KeyId }, "ES256"));
        yield return Forgery("another key under its own name", (test, _) => test.Sign(new ECDsaSecurityKey(ECDsa.Create(ECCurve.NamedCurves.nistP256)) { KeyId = "other" }, "ES256"));
        yield return Forgery("the right key without a name", (test, ours) => test.Sign(new ECDsaSecurityKey(ours.ECDsa), "ES256"));
        yield return Forgery("the public key as a shared secret", (test, ours) =>
            test.Sign(new SymmetricSecurityKey(ours.ECDsa.ExportSubjectPublicKeyInfo()) { KeyId = ours.KeyId }, "HS256"));
        yield return Forgery("no signature at all", (test, ours) => Unsigned(test.Sign(ours, "ES256"), ours.KeyId));
        yield return Forgery("a cut signature", (test, ours) => test.Sign(ours, "ES256")[..^4]);
        yield return Forgery("another audience", (test, ours) => test.Sign(ours, "ES256", audience: "somebody-else"));
        yield return Forgery("another issuer", (test, ours) => test.Sign(ours, "ES256", issuer: "somebody-else"));
        yield return Forgery("no end", (test, ours) => test.Sign(ours, "ES256", minutes: null));
        yield return Forgery("a life longer than ours", (test, ours) => test.Sign(ours, "ES256", minutes: 21));
        yield return Forgery("a changed claim", (test, ours) => WithRole(test.Sign(ours, "ES256")));
        yield return Forgery("no token", (_, _) => "x");
        yield return Forgery("three empty parts", (_, _) => "..");
    }

    [TestCaseSource(nameof(Forgeries))]
    public async Task A_forgery_is_refused_and_never_remembered(Func<AccessTokenTests, ECDsaSecurityKey, string> forge)
    {
        ArgumentNullException.ThrowIfNull(forge);
        var ours = (ECDsaSecurityKey)host.App.Services.GetRequiredService<SigningKeys>().Newest!.Key;
        var forged = forge(this, ours);
        var before = Remembered.Count;

        for (var i = 0; i < 2; i++)
        {
            var reply = await host.MeAsync(forged);
            Assert.That(reply.Status, Is.EqualTo(HttpStatusCode.Unauthorized));
            Assert.That(reply.Code, Is.EqualTo("token-invalid"));
        }

        Assert.That(Remembered.Count, Is.EqualTo(before));
        Assert.That(Remembered.TryFind(forged, out _), Is.False);
    }

    [Test]
    public async Task The_forgers_tools_make_good_tokens_from_the_right_parts()
    {
        var ours = (ECDsaSecurityKey)host.App.Services.GetRequiredService<SigningKeys>().Newest!.Key;

        Assert.That((await host.MeAsync(Sign(ours, "ES256"))).Status, Is.EqualTo(HttpStatusCode.OK));
        Assert.That((await host.MeAsync(Sign(ours, "ES256", minutes: 0))).Code, Is.EqualTo("token-expired"));
    }

    private static TestCaseData Forgery(string name, Func<AccessTokenTests, ECDsaSecurityKey, string> forge) => new TestCaseData(forge).SetArgDisplayNames(name);

    private static string Unsigned(string token, string keyId) =>
        Base64UrlEncoder.Encode($$"""{"alg":"none","kid":"{{keyId}}","typ":"JWT"}""") + "." + token.Split('.')[1] + ".";

    private static string WithRole(string token)
    {
        var parts = token.Split('.');
        var payload = JsonNode.Parse(Base64UrlEncoder.Decode(parts[1]))!;
        payload["role"] = new JsonArray("admin");
        return $"{parts[0]}.{Base64UrlEncoder.Encode(payload.ToJsonString())}.{parts[2]}";
    }

    private string Sign(SecurityKey key, string algorithm, string issuer = "ticketbooth", string audience = "ticketbooth-api", int? minutes = 15) =>
        new JsonWebTokenHandler { SetDefaultTimesOnTokenCreation = false }.CreateToken(new SecurityTokenDescriptor
        {
            Issuer = issuer,
            Audience = audience,
            Expires = minutes is { } m ? clock.GetUtcNow().AddMinutes(m).UtcDateTime : null,
            SigningCredentials = new SigningCredentials(key, algorithm),
            Claims = new Dictionary<string, object>(StringComparer.Ordinal) { ["sub"] = Guid.Empty.ToString(), ["name"] = "X", ["email"] = "x@example.com" },
        });
}
