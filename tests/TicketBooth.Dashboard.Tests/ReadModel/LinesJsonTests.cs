using System.Reflection;
using System.Text.Json;
using TicketBooth.Dashboard.ReadModel;

namespace TicketBooth.Dashboard.Tests.ReadModel;

internal sealed class LinesJsonTests
{
    private static IEnumerable<Type> Lists =>
        typeof(OrderRow).Assembly.GetTypes()
            .Where(type => type.Namespace == typeof(OrderRow).Namespace && type.Name.EndsWith("Row", StringComparison.Ordinal))
            .SelectMany(row => row.GetProperties(BindingFlags.Public | BindingFlags.Instance))
            .Select(property => property.PropertyType)
            .Where(type => type.IsGenericType && type.GetGenericTypeDefinition() == typeof(IReadOnlyList<>))
            .Distinct();

    [Test]
    public void Every_list_of_a_row_has_generated_JSON()
    {
        Assert.That(Lists, Is.Not.Empty);
        Assert.That(Lists.Where(list => LinesJson.Default.GetTypeInfo(list) is null), Is.Empty);
    }

    [Test]
    public void Lines_are_stored_as_they_were_before_their_JSON_was_generated()
    {
        var at = new DateTimeOffset(2026, 11, 29, 20, 0, 0, TimeSpan.Zero);
        IReadOnlyList<OrderLine> tickets = [new(7, Guid.NewGuid(), 12_000), new(8, Guid.NewGuid(), 0)];
        IReadOnlyList<TierLine> tiers = [new(Guid.NewGuid(), "Balcão \"A\" & <B>", 12_000, 300, 5)];
        IReadOnlyList<RefundLine> refunds = [new(3, 700, [7, 8], at), new(4, 1, [], at.AddTicks(1))];

        Assert.Multiple(() =>
        {
            Assert.That(LinesJson.Write(tickets), Is.EqualTo(JsonSerializer.Serialize(tickets)));
            Assert.That(LinesJson.Write(tiers), Is.EqualTo(JsonSerializer.Serialize(tiers)));
            Assert.That(LinesJson.Write(refunds), Is.EqualTo(JsonSerializer.Serialize(refunds)));
            Assert.That(LinesJson.Read<OrderLine>(LinesJson.Write(tickets)), Is.EqualTo(tickets));
            Assert.That(LinesJson.Read<TierLine>(LinesJson.Write(tiers)), Is.EqualTo(tiers));
            Assert.That(LinesJson.Read<RefundLine>(LinesJson.Write(refunds)), Is.EqualTo(refunds));
        });
    }
}
