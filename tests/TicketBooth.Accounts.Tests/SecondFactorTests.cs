using System.Net;
using MediatR;
using Microsoft.AspNetCore.Identity;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Time.Testing;
using TicketBooth.Accounts.Contracts;
using TicketBooth.Accounts.Domain;
using TicketBooth.Accounts.Storage;
using TicketBooth.Accounts.Tests.Support;
using TicketBooth.BuildingBlocks.Kernel;
using TicketBooth.Testing;

namespace TicketBooth.Accounts.Tests;

internal sealed class SecondFactorTests(Provider provider) : AccountsFixture(provider)
{
    private readonly FakeTimeProvider clock = new(new DateTimeOffset(2026, 12, 1, 20, 0, 0, TimeSpan.Zero));
    private Interrupted hasher = null!;
    private TestHost host = null!;
    private Guid ana;

    [OneTimeSetUp]
    public async Task StartAsync()
    {
        host = await StartHostAsync(clock, services => services.AddSingleton<IPasswordHasher<User>>(provider =>
            ActivatorUtilities.CreateInstance<Interrupted>(provider)));
        hasher = (Interrupted)host.App.Services.GetRequiredService<IPasswordHasher<User>>();
    }

    [SetUp]
    public async Task SignUpAsync() => ana = Guid.Parse((await host.SignUpAsync(Email)).Text("id"));

    [OneTimeTearDown]
    public async Task StopAsync() => await host.DisposeAsync();

    [Test]
    public async Task The_password_alone_signs_in_until_the_second_factor_is_on()
    {
        var begun = await SendAsync(new BeginSecondFactor(ana));
        var before = await SendAsync(new VerifyPassword(Email, AccountsApi.Password, AccountsApi.Here));
        var (_, _, on) = await SwitchOnAsync();
        var after = await SendAsync(new VerifyPassword(Email, AccountsApi.Password, AccountsApi.Here));

        Assert.Multiple(() =>
        {
            Assert.That(begun.Value.Uri, Is.EqualTo(
                $"otpauth://totp/TicketBooth:{Uri.EscapeDataString(Email)}?secret={begun.Value.Key}&issuer=TicketBooth&digits=6"));
            Assert.That(before.Value.NeedsSecondFactor, Is.False);
            Assert.That(after.Value.NeedsSecondFactor, Is.True);
            Assert.That(after.Value.SecurityStamp, Is.EqualTo(on.Session.SecurityStamp).And.Not.EqualTo(before.Value.SecurityStamp));
        });
    }

    [Test]
    public async Task A_sign_in_from_before_it_was_on_is_not_renewed()
    {
        var before = (await host.SignInAsync(Email)).Text("refreshToken");

        await SwitchOnAsync();

        Assert.That((await host.RefreshAsync(before)).Code, Is.EqualTo("refresh-token-invalid"));
    }

    [Test]
    public async Task A_sign_in_whose_password_is_verified_while_it_is_switched_on_does_not_evade_it()
    {
        hasher.AfterNext = SwitchOnAsync;

        var evading = await host.SignInAsync(Email);

        Assert.That((evading.Status, evading.Code), Is.EqualTo((HttpStatusCode.Unauthorized, "session-ended")));
        Assert.That((await host.SignInAsync(Email)).Code, Is.EqualTo("second-factor-needed"));
    }

    [Test]
    public async Task Begun_twice_it_is_the_same_key_and_another_one_after_it_was_off()
    {
        var first = await SendAsync(new BeginSecondFactor(ana));
        var again = await SendAsync(new BeginSecondFactor(ana));
        var (key, _, _) = await SwitchOnAsync();
        var whileOn = await SendAsync(new BeginSecondFactor(ana));
        await SendAsync(new ResetSecondFactor(ana));
        var later = await SendAsync(new BeginSecondFactor(ana));

        Assert.Multiple(() =>
        {
            Assert.That(again.Value.Key, Is.EqualTo(first.Value.Key).And.EqualTo(key));
            Assert.That(whileOn.Error?.Code, Is.EqualTo("second-factor-on"));
            Assert.That(later.Value.Key, Is.Not.EqualTo(key));
        });
    }

    [Test]
    public async Task A_wrong_code_does_not_switch_it_on()
    {
        Assert.That((await SendAsync(new EnableSecondFactor(ana, "000000"))).Error?.Code, Is.EqualTo("second-factor-not-begun"));
        var key = (await SendAsync(new BeginSecondFactor(ana))).Value.Key;

        var wrong = await SendAsync(new EnableSecondFactor(ana, Totp.CodeAt(key, clock.GetUtcNow().AddMinutes(10))));

        Assert.That(wrong.Error?.Code, Is.EqualTo("second-factor-wrong"));
        Assert.That((await host.SignInAsync(Email)).Status, Is.EqualTo(HttpStatusCode.OK));
    }

    [TestCase(-60, false)]
    [TestCase(-30, true)]
    [TestCase(0, true)]
    [TestCase(30, true)]
    [TestCase(60, false)]
    public async Task A_code_is_good_in_its_half_minute_and_in_those_beside_it(int seconds, bool good)
    {
        var (key, _, _) = await SwitchOnAsync();
        clock.Advance(TimeSpan.FromMinutes(5));

        var verified = await SendAsync(new VerifySecondFactor(ana, Totp.CodeAt(key, clock.GetUtcNow().AddSeconds(seconds))));

        Assert.That(verified.Error?.Code, Is.EqualTo(good ? null : "second-factor-wrong"));
    }

    /// <summary>RFC 6238, appendix B: the key is the text 12345678901234567890.</summary>
    [TestCase(59, "287082")]
    [TestCase(1_111_111_109, "081804")]
    [TestCase(1_111_111_111, "050471")]
    [TestCase(1_234_567_890, "005924")]
    [TestCase(2_000_000_000, "279037")]
    [TestCase(20_000_000_000, "353130")]
    public void Codes_are_those_of_the_standard(long seconds, string code) =>
        Assert.That(Totp.CodeAt("GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ", DateTimeOffset.FromUnixTimeSeconds(seconds)), Is.EqualTo(code));

    [Test]
    public async Task A_code_is_good_once_and_an_older_one_no_more()
    {
        var (key, _, _) = await SwitchOnAsync();
        var enrolled = await SendAsync(new VerifySecondFactor(ana, Totp.CodeAt(key, clock.GetUtcNow())));
        clock.Advance(TimeSpan.FromMinutes(5));
        var code = Totp.CodeAt(key, clock.GetUtcNow());

        var replies = await Task.WhenAll(Enumerable.Range(0, 3).Select(_ => SendAsync(new VerifySecondFactor(ana, code))));
        var older = await SendAsync(new VerifySecondFactor(ana, Totp.CodeAt(key, clock.GetUtcNow().AddSeconds(-30))));

        Assert.Multiple(() =>
        {
            Assert.That(enrolled.Error?.Code, Is.EqualTo("second-factor-wrong"), "the code that switched it on");
            Assert.That(replies.Count(reply => reply.IsSuccess), Is.EqualTo(1));
            Assert.That(older.Error?.Code, Is.EqualTo("second-factor-wrong"));
        });
    }

    [Test]
    public async Task A_recovery_code_is_good_once_however_it_is_typed_and_stored_as_a_hash()
    {
        var (_, codes, _) = await SwitchOnAsync();

        var first = await SendAsync(new VerifySecondFactor(ana, codes[0]));
        var again = await SendAsync(new VerifySecondFactor(ana, codes[0]));
        var typed = await SendAsync(new VerifySecondFactor(ana, " " + codes[1].ToLowerInvariant().Replace("-", " ", StringComparison.Ordinal)));
        var stored = (string)Database.Value($"SELECT Value {Kept} AND AspNetUserTokens.Name = 'RecoveryCodes'")!;

        Assert.Multiple(() =>
        {
            Assert.That(codes, Has.Count.EqualTo(10).And.Unique);
            Assert.That(first.IsSuccess);
            Assert.That(again.Error?.Code, Is.EqualTo("second-factor-wrong"));
            Assert.That(typed.IsSuccess);
            Assert.That(stored.Split(';'), Has.Length.EqualTo(8).And.All.Length.EqualTo(64));
        });
    }

    [Test]
    public async Task Wrong_codes_lock_out_even_when_they_come_at_once_or_a_right_password_comes_in_between()
    {
        var (key, codes, _) = await SwitchOnAsync();
        clock.Advance(TimeSpan.FromMinutes(5));

        var guesses = new List<Result<SessionUser>>();
        for (var i = 0; i < 4; i++)
        {
            guesses.Add(await SendAsync(new VerifySecondFactor(ana, "000000")));
            await SendAsync(new VerifyPassword(Email, AccountsApi.Password, AccountsApi.Here));
        }

        guesses.AddRange(await Task.WhenAll(Enumerable.Range(0, 10).Select(_ => SendAsync(new VerifySecondFactor(ana, "000001")))));
        var right = await SendAsync(new VerifySecondFactor(ana, Totp.CodeAt(key, clock.GetUtcNow())));
        var password = await SendAsync(new VerifyPassword(Email, AccountsApi.Password, AccountsApi.Here));
        clock.Advance(AccountRules.Lockout);
        var free = await SendAsync(new VerifySecondFactor(ana, codes[0]));

        Assert.Multiple(() =>
        {
            Assert.That(guesses.Count(guess => guess.Error?.Code == "second-factor-wrong"), Is.EqualTo(5));
            Assert.That(guesses.Count(guess => guess.Error?.Code == "locked-out"), Is.EqualTo(9));
            Assert.That(right.Error?.Code, Is.EqualTo("locked-out"));
            Assert.That(password.IsSuccess, "the password alone opens nothing, and tells nothing new to who knows it");
            Assert.That(free.IsSuccess);
        });
    }

    [Test]
    public async Task The_REST_sign_in_is_no_way_round_it()
    {
        var (key, codes, _) = await SwitchOnAsync();
        clock.Advance(TimeSpan.FromMinutes(5));

        var without = await host.SignInAsync(Email);
        var wrong = await TokenAsync("000000");
        var right = await TokenAsync(Totp.CodeAt(key, clock.GetUtcNow()));
        var recovered = await TokenAsync(codes[0]);
        var wrongPassword = await host.SignInAsync(Email, "wrong-password");

        Assert.Multiple(() =>
        {
            Assert.That((without.Status, without.Code), Is.EqualTo((HttpStatusCode.Unauthorized, "second-factor-needed")));
            Assert.That((wrong.Status, wrong.Code), Is.EqualTo((HttpStatusCode.Unauthorized, "second-factor-wrong")));
            Assert.That(right.Status, Is.EqualTo(HttpStatusCode.OK));
            Assert.That(recovered.Status, Is.EqualTo(HttpStatusCode.OK));
            Assert.That(wrongPassword.Code, Is.EqualTo("invalid-credentials"), "a wrong password does not tell that there is a second factor");
        });
    }

    [Test]
    public async Task Its_owner_switches_it_off_with_a_code_and_an_administrator_without()
    {
        var (key, _, _) = await SwitchOnAsync();
        clock.Advance(TimeSpan.FromMinutes(5));
        var wrong = await SendAsync(new DisableSecondFactor(ana, "000000"));
        var off = await SendAsync(new DisableSecondFactor(ana, Totp.CodeAt(key, clock.GetUtcNow())));
        var offAlready = await SendAsync(new DisableSecondFactor(ana, "000000"));
        await SwitchOnAsync();

        var reset = await SendAsync(new ResetSecondFactor(ana));
        var nobody = await SendAsync(new ResetSecondFactor(Guid.Empty));

        Assert.Multiple(async () =>
        {
            Assert.That(wrong.Error?.Code, Is.EqualTo("second-factor-wrong"));
            Assert.That(off.Value.NeedsSecondFactor, Is.False);
            Assert.That(offAlready.Error?.Code, Is.EqualTo("second-factor-off"));
            Assert.That(reset.Value.HasSecondFactor, Is.False);
            Assert.That(nobody.Error?.Code, Is.EqualTo("account-not-found"));
            Assert.That((await host.SignInAsync(Email)).Status, Is.EqualTo(HttpStatusCode.OK));
            Assert.That(Database.Sql($"SELECT COUNT(*) {Kept}"), Is.Zero);
        });
    }

    /// <summary>What the database keeps of Ana's second factor.</summary>
    private string Kept =>
        $"FROM AspNetUserTokens JOIN AspNetUsers ON AspNetUsers.Id = AspNetUserTokens.UserId WHERE AspNetUsers.Email = '{Email}'";

    private Task<Reply> TokenAsync(string code) =>
        host.SendAsync(HttpMethod.Post, "/api/v1/accounts/token", new { email = Email, password = AccountsApi.Password, code });

    private async Task<(string Key, IReadOnlyList<string> Codes, EnabledSecondFactor Enabled)> SwitchOnAsync()
    {
        var key = (await SendAsync(new BeginSecondFactor(ana))).Value.Key;
        var enabled = await SendAsync(new EnableSecondFactor(ana, Totp.CodeAt(key, clock.GetUtcNow())));
        return (key, enabled.Value.RecoveryCodes, enabled.Value);
    }

    private Task<T> SendAsync<T>(IRequest<T> request) => host.SendAsync(request);

    /// <summary>Lets something happen between the verification of a password and what follows it.</summary>
    private sealed class Interrupted(IOptions<PasswordHasherOptions> options) : PasswordHasher<User>(options)
    {
        public Func<Task>? AfterNext { get; set; }

        public override PasswordVerificationResult VerifyHashedPassword(User user, string hashedPassword, string providedPassword)
        {
            var result = base.VerifyHashedPassword(user, hashedPassword, providedPassword);
            (var happens, AfterNext) = (AfterNext, null);
            happens?.Invoke().GetAwaiter().GetResult();
            return result;
        }
    }
}
