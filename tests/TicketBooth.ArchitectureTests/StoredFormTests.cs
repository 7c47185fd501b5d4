using System.Globalization;
using System.Reflection;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using MassTransit.Serialization;
using Microsoft.Extensions.Hosting.Internal;
using Microsoft.Extensions.Options;
using TicketBooth.BuildingBlocks.Kernel;
using TicketBooth.BuildingBlocks.Storage.Settings;
using TicketBooth.BuildingBlocks.Storage.Sqlite;

namespace TicketBooth.ArchitectureTests;

/// <summary>
/// What was stored once is read for ever: <c>Stored/messages.json</c> has the integration events as they were first stored, and
/// <c>Stored/steps.txt</c> the hash of each step of a schema and of each migration. A release adds what is new to both, and changes no line.
/// </summary>
public sealed class StoredFormTests
{
    private static readonly string Stored = Path.Combine(Repository.Root, "tests", "TicketBooth.ArchitectureTests", "Stored");
    private static readonly IReadOnlyDictionary<string, JsonObject> FirstMessages = ReadMessages();

    private static readonly JsonSerializerOptions Indented = new() { WriteIndented = true, Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    private static IEnumerable<string> MessageNames => FirstMessages.Keys;

    private static IEnumerable<TestCaseData> Schemas =>
        from project in Repository.Projects
        from type in Assembly.Load(project.Name).GetTypes()
        from list in type.GetFields(BindingFlags.Static | BindingFlags.Public | BindingFlags.NonPublic)
        where list.Name == "Schema" && list.FieldType == typeof(string[])
        select new TestCaseData(type.FullName, (string[])list.GetValue(null)!).SetArgDisplayNames(type.Name);

    [TestCaseSource(nameof(MessageNames))]
    public void A_message_of_a_former_state_is_read_with_all_it_said(string name)
    {
        var first = FirstMessages[name];
        var type = Repository.Modules.SelectMany(module => module.Contracts).SingleOrDefault(found => found.FullName == name);
        Assert.That(type, Is.Not.Null, $"{name} is gone, and outboxes and topics may still have it.");

        var read = JsonSerializer.SerializeToNode(
            JsonSerializer.Deserialize(first.ToJsonString(), type!, SystemTextJsonMessageSerializer.Options), type!, SystemTextJsonMessageSerializer.Options)!;

        Assert.That(Lost(first, read, name), Is.Empty);
    }

    [TestCaseSource(nameof(MessageNames))]
    public void What_was_added_to_a_message_may_be_missing(string name)
    {
        var type = Repository.Modules.SelectMany(module => module.Contracts).Single(found => found.FullName == name);
        var said = FirstMessages[name].Select(property => property.Key).ToList();
        var demanded = type.GetConstructors().MaxBy(constructor => constructor.GetParameters().Length)!.GetParameters()
            .Where(parameter => !parameter.HasDefaultValue && !said.Contains(JsonNamingPolicy.CamelCase.ConvertName(parameter.Name!), StringComparer.Ordinal))
            .Select(parameter => parameter.Name);

        Assert.That(demanded, Is.Empty, "An old message does not have it: make it an init property whose default is right for old ones.");
    }

    [Test]
    public void Every_message_is_kept_as_it_was_first_stored()
    {
        var missing = Repository.Modules.SelectMany(module => module.Contracts)
            .Where(type => type is { IsClass: true } && type.IsAssignableTo(typeof(IIntegrationEvent)) && !FirstMessages.ContainsKey(type.FullName!))
            .ToDictionary(type => type.FullName!, type => MessageTests.Written(type), StringComparer.Ordinal);

        Assert.That(missing, Is.Empty, "Add to messages.json: " + JsonSerializer.Serialize(missing, Indented));
    }

    [TestCaseSource(nameof(MessageNames))]
    public void A_message_from_a_newer_host_is_read_without_what_is_new(string name)
    {
        var first = FirstMessages[name];
        var newer = (JsonObject)WithMore(first);
        var type = Repository.Modules.SelectMany(module => module.Contracts).Single(found => found.FullName == name);

        var read = JsonSerializer.SerializeToNode(
            JsonSerializer.Deserialize(newer.ToJsonString(), type, SystemTextJsonMessageSerializer.Options), type, SystemTextJsonMessageSerializer.Options)!;

        Assert.That(newer.ToJsonString(), Does.Contain("somethingNew"));
        Assert.That(Lost(first, read, name), Is.Empty);
    }

    [Test]
    public void No_step_or_migration_that_was_released_has_changed()
    {
        var today = Steps().ToDictionary(StringComparer.Ordinal);
        var changed = File.ReadAllLines(Path.Combine(Stored, "steps.txt"))
            .Select(line => line.Split('\t'))
            .Where(kept => today.GetValueOrDefault(kept[0]) != kept[1])
            .Select(kept => kept[0]);

        Assert.That(changed, Is.Empty, "A step that ran somewhere never runs there again. Add a new one.");
    }

    [TestCaseSource(nameof(Schemas))]
    public async Task A_file_of_any_schema_version_becomes_what_a_new_one_is(string name, string[] schema)
    {
        var folder = Directory.CreateTempSubdirectory("ticketbooth-steps-");
        try
        {
            var whole = await OpenAsync(folder.FullName, "whole", schema);
            for (var version = 0; version < schema.Length; version++)
            {
                var file = FormattableString.Invariant($"from-{version}");
                await OpenAsync(folder.FullName, file, schema[..version]);
                Assert.That(await OpenAsync(folder.FullName, file, schema), Is.EqualTo(whole), $"{name} from version {version}");
            }
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    private static async Task<string> OpenAsync(string folder, string file, string[] schema)
    {
        await using var storage = new EmbeddedStorage(
            Options.Create(new StorageOptions { Path = folder }), new HostingEnvironment { ContentRootPath = folder });
        return storage.Open(file, schema).Read(session => string.Join('\n', session.Query(
            "SELECT name, COALESCE(sql, '') FROM sqlite_master WHERE name <> 'ticketbooth_file' ORDER BY name", row => $"{row.GetString(0)}: {row.GetString(1)}")));
    }

    private static IEnumerable<KeyValuePair<string, string>> Steps() =>
        Schemas
            .SelectMany(schema => ((string[])schema.Arguments[1]!).Select((step, i) => (Name: string.Create(CultureInfo.InvariantCulture, $"{schema.Arguments[0]}/{i + 1}"), Text: step)))
            .Concat(Repository.Projects.Select(project => Assembly.Load(project.Name)).SelectMany(assembly => assembly.GetManifestResourceNames()
                .Where(resource => resource.StartsWith("Sqlite/", StringComparison.Ordinal) || resource.StartsWith("MySql/", StringComparison.Ordinal))
                .Select(resource => (Name: $"{assembly.GetName().Name}/{resource}", Text: TextOf(assembly, resource)))))
            .Select(step => KeyValuePair.Create(step.Name, Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(step.Text.ReplaceLineEndings("\n"))))));

    private static string TextOf(Assembly assembly, string resource)
    {
        using var reader = new StreamReader(assembly.GetManifestResourceStream(resource)!);
        return reader.ReadToEnd();
    }

    /// <summary>The same with a property more in every object, and at its beginning, where no reader can stop before it.</summary>
    private static JsonNode WithMore(JsonNode node) => node switch
    {
        JsonObject said => new JsonObject(said.Select(property => KeyValuePair.Create(property.Key, property.Value is { } value ? WithMore(value) : null))
            .Prepend(KeyValuePair.Create<string, JsonNode?>("somethingNew", new JsonObject { ["inside"] = 1 }))),
        JsonArray items => new JsonArray([.. items.Select(item => item is null ? null : WithMore(item))]),
        _ => node.DeepClone(),
    };

    /// <summary>What one has and the other has not, or otherwise.</summary>
    private static IEnumerable<string> Lost(JsonNode? first, JsonNode? read, string path) => first switch
    {
        JsonObject said => said.SelectMany(property => Lost(property.Value, (read as JsonObject)?[property.Key], $"{path}.{property.Key}")),
        JsonArray items => items.SelectMany((item, i) => Lost(item, read is JsonArray others && i < others.Count ? others[i] : null, $"{path}[{i}]")),
        _ => JsonNode.DeepEquals(first, read) ? [] : [$"{path}: {first} became {read?.ToJsonString() ?? "nothing"}"],
    };

    private static SortedDictionary<string, JsonObject> ReadMessages() => new(
        ((JsonObject)JsonNode.Parse(File.ReadAllText(Path.Combine(Stored, "messages.json")))!).ToDictionary(message => message.Key, message => (JsonObject)message.Value!, StringComparer.Ordinal),
        StringComparer.Ordinal);
}
