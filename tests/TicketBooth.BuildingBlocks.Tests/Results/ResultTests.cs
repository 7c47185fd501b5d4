using TicketBooth.BuildingBlocks.Kernel;

namespace TicketBooth.BuildingBlocks.Tests.Results;

public sealed class ResultTests
{
    private static readonly Error Taken = Error.Conflict("ticket-taken", "Somebody was faster.");

    [Test]
    public void A_value_is_a_success()
    {
        Result<int> result = 7;

        Assert.That(result.IsSuccess, Is.True);
        Assert.That(result.Error, Is.Null);
        Assert.That(result.Value, Is.EqualTo(7));
    }

    [Test]
    public void An_error_is_a_failure_without_a_value()
    {
        Result<int> result = Taken;

        Assert.That(result.IsSuccess, Is.False);
        Assert.That(result.Error, Is.EqualTo(Taken));
        Assert.That(() => result.Value, Throws.InvalidOperationException.With.Message.Contains("ticket-taken"));
    }

    [Test]
    public void Map_changes_the_value_of_a_success() => Assert.That(Result<int>.From(7).Map(value => value * 2).Value, Is.EqualTo(14));

    [Test]
    public void Map_leaves_a_failure_as_it_is()
    {
        var mapped = Result<int>.From(Taken).Map<string>(_ => throw new InvalidOperationException("There is nothing to map."));

        Assert.That(mapped.Error, Is.EqualTo(Taken));
    }

    [Test]
    public void Equal_outcomes_are_equal()
    {
        Result<int> seven = 7, alsoSeven = 7, eight = 8, taken = Taken, alsoTaken = Taken with { }, zero = 0;

        Assert.That(seven == alsoSeven, Is.True);
        Assert.That(seven != eight, Is.True);
        Assert.That(taken, Is.EqualTo(alsoTaken));
        Assert.That(zero, Is.Not.EqualTo(taken));
        Assert.That(seven.GetHashCode(), Is.EqualTo(alsoSeven.GetHashCode()));
    }
}
