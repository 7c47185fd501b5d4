using TicketBooth.ChaosTests.Faults;

namespace TicketBooth.ChaosTests;

internal sealed class ScheduleTests
{
    private static readonly Fault[] faults = [.. new[] { ("kill", 5), ("freeze", 1), ("full", 2) }.Select(one => new Fault(one.Item1, one.Item2, _ => Task.CompletedTask))];

    [Test]
    public void The_same_seed_gives_the_same_faults_with_the_same_dice()
    {
        var (first, second) = (Deal(seed: 7, count: 100), Deal(seed: 7, count: 100));
        Assert.That(second, Is.EqualTo(first));
    }

    [Test]
    public void Another_seed_gives_others() => Assert.That(Deal(seed: 8, count: 100), Is.Not.EqualTo(Deal(seed: 7, count: 100)));

    [Test]
    public void Each_deck_has_every_fault_as_often_as_its_weight() =>
        Assert.That(
            Deal(seed: 7, count: 16).Chunk(8).Select(deck => deck.CountBy(card => card.Name).OrderBy(pair => pair.Key, StringComparer.Ordinal)),
            Is.All.EqualTo(faults.Select(fault => KeyValuePair.Create(fault.Name, fault.Weight)).OrderBy(pair => pair.Key, StringComparer.Ordinal))
        );

    [TestCase("--profile", "cloud")]
    [TestCase("--minutes", "many")]
    [TestCase("--seed")]
    [TestCase("--hours", "1")]
    public void Words_that_make_no_sense_are_refused(params string[] words) => Assert.That(ChaosOptions.Parse(words), Is.Null);

    [Test]
    public void What_is_told_is_understood()
    {
        var options = ChaosOptions.Parse(["--profile", "distributed", "--minutes", "1.5", "--seed", "3", "--only", "kill -9,disk full"]);
        Assert.That(options, Is.Not.Null);
        Assert.Multiple(() =>
        {
            Assert.That(options!.Profile, Is.EqualTo("distributed"));
            Assert.That(options.Minutes, Is.EqualTo(1.5));
            Assert.That(options.Seed, Is.EqualTo(3));
            Assert.That(options.Only, Is.EqualTo(new[] { "kill -9", "disk full" }));
        });
    }

    private static List<(string Name, int Die)> Deal(int seed, int count)
    {
        var schedule = new Schedule(faults, seed);
        return [.. Enumerable.Range(0, count).Select(_ => schedule.Next()).Select(dealt => (dealt.Fault.Name, dealt.Dice.Next()))];
    }
}
