using TicketBooth.BuildingBlocks.Kafka.In;
using TicketBooth.BuildingBlocks.Kernel;
using TicketBooth.BuildingBlocks.Messaging.Outbox;
using TicketBooth.BuildingBlocks.Messaging.Relay;

namespace TicketBooth.BuildingBlocks.Tests.Kafka;

public sealed class RecordPagesTests
{
    private FakeModule foyer = null!;
    private RecordPages pages = null!;

    [SetUp]
    public void Prepare()
    {
        foyer = new FakeModule("Foyer");
        pages = new RecordPages(foyer, new SalesPauses(new SalesActivity(TimeProvider.System), TimeProvider.System));
    }

    [Test]
    public async Task What_waits_while_pages_are_under_way_comes_as_one_page()
    {
        var gate = new TaskCompletionSource();
        foyer.Before = (entry, _) => Slow(entry) ? gate.Task : Task.CompletedTask;
        var slow = await FillAsync();

        var others = Enumerable.Range(100, 50).Select(row => DeliverAsync(row)).ToList();
        gate.SetResult();
        await Task.WhenAll([.. slow, .. others]).WithinDeadlineAsync();

        Assert.That(foyer.Pages.Max(), Is.EqualTo(50));
        Assert.That(foyer.Effects, Has.Count.EqualTo(50 + RecordPages.MostAtOnce));
    }

    [Test]
    public async Task One_message_that_takes_long_does_not_hold_up_the_others()
    {
        var gate = new TaskCompletionSource();
        foyer.Before = (entry, _) => Slow(entry) ? gate.Task : Task.CompletedTask;
        var slow = DeliverAsync(1);
        await Soon.Async(() => foyer.Pages.Count == 1, "a page under way");

        await DeliverAsync(100).WithinDeadlineAsync();
        Assert.That(slow.IsCompleted, Is.False);
        gate.SetResult();
        await slow.WithinDeadlineAsync();
    }

    [Test]
    public async Task A_record_that_is_given_up_takes_no_other_of_its_page_with_it()
    {
        using var revoked = new CancellationTokenSource();
        var (opened, gate) = (new TaskCompletionSource(), new TaskCompletionSource());
        var begun = new TaskCompletionSource();
        foyer.Before = async (entry, cancellationToken) =>
        {
            if (entry.Key == KeyOf(101) && !gate.Task.IsCompleted)
            {
                begun.TrySetResult();
                await gate.Task.WaitAsync(cancellationToken);
            }
            else if (Slow(entry))
            {
                await opened.Task;
            }
        };
        var slow = await FillAsync();
        var (theirs, mine) = (DeliverAsync(101, revoked.Token), DeliverAsync(102));
        opened.SetResult();
        await begun.Task.WithinDeadlineAsync();

        await revoked.CancelAsync();

        Assert.That(() => theirs, Throws.InstanceOf<OperationCanceledException>());
        await mine.WithinDeadlineAsync();
        await Task.WhenAll(slow).WithinDeadlineAsync();
        Assert.That(foyer.Effects.Select(effect => effect.Entry.Key), Has.Member(KeyOf(102)).And.No.Member(KeyOf(101)));
    }

    [Test]
    public async Task What_a_page_fails_with_is_told_to_everybody_in_it()
    {
        foyer.Before = (_, _) => throw new IOException("The dead letters cannot be written.");

        var outcomes = Enumerable.Range(1, 10).Select(row => DeliverAsync(row)).ToList();

        await Task.WhenAll(outcomes.Select(outcome => outcome.ContinueWith(_ => { }, TaskScheduler.Default))).WithinDeadlineAsync();
        Assert.That(outcomes.Select(outcome => outcome.Exception?.InnerException), Is.All.InstanceOf<IOException>());
    }

    /// <summary>So many slow pages that every further record waits.</summary>
    private async Task<List<Task>> FillAsync()
    {
        var slow = new List<Task>();
        for (var row = 1; row <= RecordPages.MostAtOnce; row++)
        {
            slow.Add(DeliverAsync(row));
            await Soon.Async(() => foyer.Pages.Count == row, "a page under way");
        }

        return slow;
    }

    private Task DeliverAsync(int row, CancellationToken cancellationToken = default) =>
        pages.DeliverAsync(KafkaHost.Entry(KeyOf(row), 1), "stalls", cancellationToken);

    private static bool Slow(OutboxEntry entry) => Enumerable.Range(1, RecordPages.MostAtOnce).Any(row => entry.Key == KeyOf(row));

    private static Guid KeyOf(int row) => new(row, 0, 0, new byte[8]);
}
