using System.Text;
using Microsoft.Extensions.Time.Testing;
using TicketBooth.Gateways.Callbacks;

namespace TicketBooth.Gateways.Tests.Callbacks;

public class CallbackSenderTests
{
    private static readonly CallbackSenderOptions Patient = new() { RetryDelays = [TimeSpan.Zero, TimeSpan.Zero] };

    private CallbackReceiver receiver = null!;
    private CallbackSender sender = null!;

    [SetUp]
    public async Task Start()
    {
        receiver = await CallbackReceiver.StartAsync();
        sender = new CallbackSender(Patient);
    }

    [TearDown]
    public async Task Stop()
    {
        await sender.DisposeAsync();
        await receiver.DisposeAsync();
    }

    private IEnumerable<string> Bodies => receiver.All.Select(received => received.Body);

    [Test]
    public async Task A_callback_arrives_with_its_bytes_and_its_headers()
    {
        sender.Send(Word("a") with { Headers = () => new Dictionary<string, string>(StringComparer.Ordinal) { ["X-Signature"] = "s" } });
        await sender.IdleAsync();

        var received = receiver.All.Single();
        Assert.That((received.Body, received.Headers["X-Signature"], received.Headers["Content-Type"]), Is.EqualTo(("a", "s", "text/plain")));
    }

    [Test]
    public async Task Callbacks_arrive_in_the_order_in_which_they_were_sent()
    {
        foreach (var name in new[] { "a", "b", "c" })
        {
            sender.Send(Word(name));
        }

        await sender.IdleAsync();
        Assert.That(Bodies, Is.EqualTo(["a", "b", "c"]));
    }

    [Test]
    public async Task A_plan_sends_twice_or_never()
    {
        sender.PlanFor("a", CallbackPlan.Twice);
        sender.PlanFor("b", CallbackPlan.Never);
        sender.Send(Word("a"));
        sender.Send(Word("b"));
        await sender.IdleAsync();

        Assert.That(Bodies, Is.EqualTo(["a", "a"]));
    }

    [Test]
    public async Task What_is_held_waits_and_then_goes_out_in_the_order_that_is_asked_for()
    {
        sender.Plan = CallbackPlan.Held;
        sender.Send(Word("a"));
        sender.Send(Word("b"));
        await sender.IdleAsync();
        Assert.That(Bodies, Is.Empty);

        Assert.That(sender.Release(CallbackOrder.Reversed), Is.EqualTo(2));
        await sender.IdleAsync();
        Assert.That(Bodies, Is.EqualTo(["b", "a"]));
    }

    [Test]
    public async Task One_name_is_released_before_the_rest()
    {
        sender.Plan = CallbackPlan.Held;
        sender.Send(Word("a"));
        sender.Send(Word("b"));
        sender.Release(name: "b");
        await sender.IdleAsync();

        Assert.That(Bodies, Is.EqualTo(["b"]));
        Assert.That(sender.Deliveries.Select(delivery => delivery.IsHeld), Is.EqualTo([true, false]));
    }

    [Test]
    public async Task A_plan_of_a_name_is_taken_back()
    {
        sender.PlanFor("a", CallbackPlan.Never);
        sender.PlanFor("a", null);
        sender.Send(Word("a"));
        await sender.IdleAsync();

        Assert.That(Bodies, Is.EqualTo(["a"]));
    }

    [Test]
    public async Task What_is_refused_is_tried_again_with_headers_of_its_own()
    {
        receiver.Answer = count => count < 3 ? 500 : 204;
        var attempt = 0;
        sender.Send(Word("a") with { Headers = () => new Dictionary<string, string>(StringComparer.Ordinal) { ["X-Attempt"] = $"{++attempt}" } });
        await sender.IdleAsync();

        Assert.That(receiver.All.Select(received => received.Headers["X-Attempt"]), Is.EqualTo(["1", "2", "3"]));
        Assert.That(sender.Deliveries.Single().Attempts.Select(each => each.Status), Is.EqualTo([500, 500, 204]));
        Assert.That(sender.Deliveries.Single().IsAccepted, Is.True);
    }

    [Test]
    public async Task A_redirect_is_no_acceptance()
    {
        receiver.Answer = _ => 302;
        sender.Send(Word("a"));
        await sender.IdleAsync();

        Assert.That(sender.Deliveries.Single().IsAccepted, Is.False);
    }

    [Test]
    public async Task Tries_are_bounded()
    {
        receiver.Answer = _ => 500;
        sender.Send(Word("a"));
        await sender.IdleAsync();

        Assert.That(sender.Deliveries.Single().IsAccepted, Is.False);
        Assert.That(receiver.All, Has.Count.EqualTo(3));
    }

    [Test]
    public async Task A_customer_who_is_away_is_an_attempt_without_a_status()
    {
        var gone = receiver.Url;
        await receiver.DisposeAsync();
        sender.Send(Word("a") with { Url = gone });
        await sender.IdleAsync();

        Assert.That(sender.Deliveries.Single().Attempts, Has.Count.EqualTo(3).And.All.Matches<CallbackAttempt>(each => each is { Status: null, Fault: not null }));
    }

    [Test]
    public async Task One_that_is_refused_does_not_hold_up_the_next()
    {
        var time = new FakeTimeProvider();
        await using var waiting = new CallbackSender(new CallbackSenderOptions { RetryDelays = [TimeSpan.FromHours(1)], Time = time });
        receiver.Answer = count => count == 1 ? 500 : 200;
        waiting.Send(Word("a"));
        waiting.Send(Word("b"));
        await Eventually(() => receiver.All.Count == 2);
        Assert.That(Bodies, Is.EqualTo(["a", "b"]));

        time.Advance(TimeSpan.FromHours(1));
        await waiting.IdleAsync();
        Assert.That(Bodies, Is.EqualTo(["a", "b", "a"]));
    }

    [Test]
    public async Task Disposing_ends_what_waits_for_its_next_try()
    {
        var waiting = new CallbackSender(new CallbackSenderOptions { RetryDelays = [TimeSpan.FromHours(1)], Time = new FakeTimeProvider() });
        receiver.Answer = _ => 500;
        waiting.Send(Word("a"));
        await Eventually(() => receiver.All.Count == 1);
        await waiting.DisposeAsync();

        Assert.That(receiver.All, Has.Count.EqualTo(1));
    }

    private static async Task Eventually(Func<bool> condition)
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        while (!condition())
        {
            await Task.Delay(TimeSpan.FromMilliseconds(5), patience.Token);
        }
    }

    private Callback Word(string name) =>
        new(name, receiver.Url, Encoding.UTF8.GetBytes(name), "text/plain", () => new Dictionary<string, string>(StringComparer.Ordinal));
}
