using System.Text.Json.Serialization;
using TicketBooth.Admissions.Contracts;
using TicketBooth.Admissions.Domain;

namespace TicketBooth.Admissions.Storage;

/// <summary>The parts of an event that are stored as JSON.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(IReadOnlyList<DoorTier>))]
[JsonSerializable(typeof(DoorRules))]
internal sealed partial class DoorJson : JsonSerializerContext;
