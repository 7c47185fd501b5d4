using System.Text.Json;
using System.Text.Json.Nodes;
using MassTransit.Serialization;
using TicketBooth.BuildingBlocks.Kernel;
using TicketBooth.BuildingBlocks.Messaging.Outbox;

namespace TicketBooth.ArchitectureTests;

/// <summary>A consumer may get the message that a module wrote, or what the outbox has stored of it.</summary>
public sealed class MessageTests
{
    private static readonly DateTimeOffset Now = new DateTimeOffset(2026, 11, 28, 20, 0, 0, TimeSpan.Zero).AddTicks(1_234_567);

    private static IEnumerable<Type> Messages => Repository.Modules
        .SelectMany(module => module.Contracts)
        .Where(type => type is { IsClass: true } && type.IsAssignableTo(typeof(IIntegrationEvent)));

    [Test]
    public void There_are_messages() => Assert.That(Messages.Count(), Is.GreaterThan(10));

    [TestCaseSource(nameof(Messages))]
    public void A_message_says_the_same_before_and_after_it_was_stored(Type type)
    {
        var written = (IIntegrationEvent)Sample(type);

        var read = JsonSerializer.Deserialize(MessageCodec.Encode(written, Guid.NewGuid(), Now).Body, type, SystemTextJsonMessageSerializer.Options);

        foreach (var property in type.GetProperties())
        {
            Assert.That(property.GetValue(read), Is.EqualTo(property.GetValue(written)), property.Name);
        }
    }

    /// <summary>A message of a type as it is stored, with something in each property.</summary>
    internal static JsonNode Written(Type type) => JsonNode.Parse(MessageCodec.Encode((IIntegrationEvent)Sample(type), Guid.NewGuid(), Now).Body)!;

    private static object Sample(Type type)
    {
        if ((Nullable.GetUnderlyingType(type) ?? type) is var real && real.IsEnum)
        {
            return Enum.GetValues(real).Cast<object>().Last();
        }

        if (real.IsGenericType && real.IsInterface)
        {
            var items = Array.CreateInstance(real.GetGenericArguments()[0], 2);
            items.SetValue(Sample(real.GetGenericArguments()[0]), 0);
            items.SetValue(Sample(real.GetGenericArguments()[0]), 1);
            return items;
        }

        return Type.GetTypeCode(real) switch
        {
            TypeCode.Boolean => true,
            TypeCode.Int32 => 7,
            TypeCode.Int64 => 70_000_000_000L,
            TypeCode.Decimal => 1.25m,
            TypeCode.String => "Sábado, \"às 20h\"\n",
            _ when real == typeof(Guid) => Guid.NewGuid(),
            _ when real == typeof(DateTimeOffset) => Now,
            _ when real.GetConstructors().MaxBy(one => one.GetParameters().Length) is { } constructor
                => constructor.Invoke([.. constructor.GetParameters().Select(parameter => Sample(parameter.ParameterType))]),
            _ => throw new NotSupportedException($"There is no sample of {real}."),
        };
    }
}
