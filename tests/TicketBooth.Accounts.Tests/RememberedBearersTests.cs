using System.Security.Claims;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Time.Testing;
using TicketBooth.Accounts.Tokens;
using TicketBooth.BuildingBlocks.Web;
using Claims = TicketBooth.BuildingBlocks.Web.Claims;

namespace TicketBooth.Accounts.Tests;

/// <summary>Whom the host knows without the framework's authentication.</summary>
internal sealed class RememberedBearersTests
{
    private readonly FakeTimeProvider clock = new(new DateTimeOffset(2026, 12, 1, 20, 0, 0, TimeSpan.Zero));
    private readonly Guid signIn = Guid.NewGuid();
    private readonly Guid user = Guid.NewGuid();
    private EndedSignIns ended = null!;
    private RememberedBearers remembered = null!;

    [SetUp]
    public void Remember()
    {
        ended = new EndedSignIns();
        var tokens = new ValidatedTokens(ended, clock, 10);
        tokens.Remember("ana", Bearer(Roles.Customer), clock.GetUtcNow().AddMinutes(15));
        tokens.Remember("root", Bearer(Roles.Admin), clock.GetUtcNow().AddMinutes(15));
        tokens.Remember("clerk", Bearer(Roles.Clerk), clock.GetUtcNow().AddMinutes(15));
        remembered = new RememberedBearers(tokens);
    }

    [Test]
    public void Who_sends_no_token_is_nobody()
    {
        var context = new DefaultHttpContext();

        Assert.That(remembered.Recognize(context), Is.True);
        Assert.That(context.User.Identity?.IsAuthenticated, Is.Not.True);
    }

    [TestCase("Bearer ana")]
    [TestCase("bearer ana ")]
    public void Who_sends_a_remembered_token_is_its_bearer(string header)
    {
        var context = Sends(header);

        Assert.That(remembered.Recognize(context), Is.True);
        Assert.That(context.User.FindFirst(Claims.Role)?.Value, Is.EqualTo(Roles.Customer));
    }

    [Test]
    public void All_requests_of_a_token_have_one_user_whose_id_was_read_once()
    {
        var (one, other) = (Sends("Bearer ana"), Sends("Bearer ana"));
        remembered.Recognize(one);
        remembered.Recognize(other);

        Assert.That(other.User, Is.SameAs(one.User));
        Assert.That(one.User.Id(), Is.EqualTo(user).And.EqualTo(new ClaimsPrincipal(one.User.Identity!).Id()));
    }

    [TestCase("Bearer bob")]
    [TestCase("Bearer root")]
    [TestCase("Bearer clerk")]
    [TestCase("Basic ana")]
    [TestCase("ana")]
    public void Whoever_else_must_be_asked(string header)
    {
        var context = Sends(header);

        Assert.That(remembered.Recognize(context), Is.False);
        Assert.That(context.User.Identity?.IsAuthenticated, Is.Not.True);
    }

    [Test]
    public void So_must_a_bearer_whose_token_has_expired()
    {
        clock.Advance(TimeSpan.FromMinutes(15));

        Assert.That(remembered.Recognize(Sends("Bearer ana")), Is.False);
    }

    [Test]
    public void So_must_a_bearer_who_has_signed_out()
    {
        ended.Add(signIn, clock.GetUtcNow());

        Assert.That(remembered.Recognize(Sends("Bearer ana")), Is.False);
    }

    private ClaimsIdentity Bearer(string role) =>
        new(
            [new Claim(Claims.UserId, user.ToString()), new Claim(Claims.Role, role), new Claim(Claims.SignIn, signIn.ToString())],
            "test",
            Claims.Name,
            Claims.Role
        );

    private static DefaultHttpContext Sends(string header) => new() { Request = { Headers = { Authorization = header } } };
}
