using System.Reflection;
using MassTransit;
using Microsoft.Extensions.Logging;
using TicketBooth.BuildingBlocks.Kernel;

namespace TicketBooth.ArchitectureTests;

/// <summary>What holds for the code of every project, as it is compiled.</summary>
internal static class CodeRules
{
    private static readonly string[] Timers = ["System.Threading.PeriodicTimer", "System.Threading.Timer", "System.Threading.ITimer", "System.Timers.Timer"];

    // Of the runtime, what turns values into bytes or reaches outside the process.
    private static readonly string[] Outside = ["System.Data", "System.IO", "System.Net", "System.Text.Json", "System.Xml", "System.Diagnostics.Process"];

    /// <summary>The ids of the log messages of each project; nothing else of this map is ours to say.</summary>
    private static readonly (string Project, int First, int Last)[] EventIds =
    [
        ("TicketBooth.BuildingBlocks.Kernel", 1000, 1099),
        ("TicketBooth.BuildingBlocks.Web", 1100, 1199),
        ("TicketBooth.BuildingBlocks.Messaging", 1200, 1299),
        ("TicketBooth.BuildingBlocks.Storage", 1300, 1399),
        ("TicketBooth.BuildingBlocks.Kafka", 1400, 1499),
        ("TicketBooth.Accounts", 2000, 2999),
        ("TicketBooth.Events", 3000, 3999),
        ("TicketBooth.Booking", 4000, 4999),
        ("TicketBooth.Payments", 5000, 5999),
        ("TicketBooth.Dashboard", 6000, 6999),
        ("TicketBooth.Notifications", 7000, 7999),
        ("TicketBooth.Host", 9000, 9999),
    ];

    /// <summary>
    /// A domain decides: it says what happened as records, and knows neither stores, wires nor frameworks. Its module's errors and settings are values
    /// and stand below it.
    /// </summary>
    public static Verdict Domains_are_pure(IEnumerable<ProjectCode> projects) => Verdict.On(
        projects.SelectMany(project => project.Uses.Where(type => IsIn(type.Namespace, project.Namespace + ".Domain")).Select(type => (Project: project, Type: type))),
        subject => subject.Type.FullName,
        subject => subject.Type.Used
            .Where(used => !IsIn(used.Namespace, subject.Project.Namespace + ".Domain") && !MayBeInADomain(used.Namespace) && !IsGround(subject.Project, used))
            .Select(used => $"uses {used.Namespace}.{used.Name}"));

    public static Verdict Only_periodic_work_has_timers(IEnumerable<ProjectCode> projects) => Verdict.On(
        projects.SelectMany(project => project.Uses),
        type => type.FullName,
        type => type.Used.Select(used => $"{used.Namespace}.{used.Name}").Where(used => Timers.Contains(used, StringComparer.Ordinal)).Select(used => "uses " + used));

    public static Verdict Workers_are_named_for_what_they_do(IEnumerable<Type> types) => Verdict.On(
        types.Where(type => type is { IsAbstract: false } && type.IsSubclassOf(typeof(PeriodicWork))),
        type => type.FullName!,
        type => type.Name.EndsWith("Worker", StringComparison.Ordinal) ? [] : ["is periodic work and not named <Verb><Noun>Worker"]);

    public static Verdict Consumers_are_named_for_their_message(IEnumerable<Type> types) => Verdict.On(
        types.Where(type => !type.IsAbstract).SelectMany(type => type.Implementations(typeof(IConsumer<>)).Select(contract => (Consumer: type, Message: contract.GetGenericArguments()[0]))),
        subject => subject.Consumer.FullName!,
        subject => subject.Consumer.Name.EndsWith("When" + subject.Message.Name, StringComparison.Ordinal) || subject.Consumer.Outermost().Name.EndsWith("When" + subject.Message.Name, StringComparison.Ordinal)
            ? []
            : [$"consumes {subject.Message.Name} and is not named <Verb><Noun>When{subject.Message.Name}"]);

    public static Verdict Log_messages_have_an_id_of_their_projects_range(IEnumerable<LogMessage> messages) => Verdict.On(
        messages,
        message => message.Name,
        message => EventIds.Any(range => range.Project == message.Project && message.Id >= range.First && message.Id <= range.Last)
            ? []
            : [$"has the event id {message.Id}, which is not of {message.Project}"]);

    public static Verdict Log_messages_have_an_id_of_their_own(IReadOnlyCollection<LogMessage> messages)
    {
        var byId = messages.ToLookup(message => message.Id);
        return Verdict.On(
            messages,
            message => message.Name,
            message => byId[message.Id].Where(other => other.Name != message.Name).Select(other => $"has the event id {message.Id} of {other.Name}"));
    }

    public static IReadOnlyList<LogMessage> LogMessages(IEnumerable<Assembly> assemblies) =>
    [
        .. assemblies.SelectMany(assembly => assembly.GetTypes().SelectMany(type => type
            .GetMethods(BindingFlags.Static | BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.DeclaredOnly)
            .Select(method => (Method: method, Log: method.GetCustomAttribute<LoggerMessageAttribute>()))
            .Where(found => found.Log is not null)
            .Select(found => new LogMessage(assembly.GetName().Name!, $"{type.FullName}.{found.Method.Name}", found.Log!.EventId, found.Log.Level, found.Log.Message)))),
    ];

    private static bool IsGround(ProjectCode project, (string Namespace, string Name) used) =>
        used.Namespace == project.Namespace && (used.Name.EndsWith("Errors", StringComparison.Ordinal) || used.Name.EndsWith("Options", StringComparison.Ordinal));

    private static bool MayBeInADomain(string space) =>
        space is "TicketBooth.BuildingBlocks.Kernel" or "Microsoft.CodeAnalysis" or ""
        || (IsIn(space, "System") && !Outside.Any(outside => IsIn(space, outside)))
        || (space.StartsWith("TicketBooth.", StringComparison.Ordinal) && space.EndsWith(".Contracts", StringComparison.Ordinal));

    private static bool IsIn(string space, string parent) => space == parent || space.StartsWith(parent + ".", StringComparison.Ordinal);
}

/// <summary>A message of the log, as its attribute says it.</summary>
/// <param name="Name">The method that writes it.</param>
internal sealed record LogMessage(string Project, string Name, int Id, LogLevel Level, string Text);
