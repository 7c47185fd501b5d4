using System.Reflection;

namespace TicketBooth.ArchitectureTests;

public sealed class CodeTests
{
    private static readonly IReadOnlyList<LogMessage> Logged = CodeRules.LogMessages(Repository.Projects.Select(project => Assembly.Load(project.Name)));
    private static readonly IReadOnlyList<LogMessage> GuiltyLogged = CodeRules.LogMessages([GuiltyModules.Code]);

    [Test]
    public void Domains_are_pure() => CodeRules.Domains_are_pure(Repository.Projects).MustHold();

    [Test]
    public void Only_periodic_work_has_timers() => CodeRules.Only_periodic_work_has_timers(Repository.Projects).MustHold();

    [Test]
    public void Workers_are_named_for_what_they_do() => CodeRules.Workers_are_named_for_what_they_do(Types()).MustHold();

    [Test]
    public void Consumers_are_named_for_their_message() => CodeRules.Consumers_are_named_for_their_message(Types()).MustHold();

    [Test]
    public void Log_messages_have_an_id_of_their_projects_range() => CodeRules.Log_messages_have_an_id_of_their_projects_range(Logged).MustHold();

    [Test]
    public void Log_messages_have_an_id_of_their_own() => CodeRules.Log_messages_have_an_id_of_their_own(Logged).MustHold();

    [Test]
    public void A_domain_that_knows_a_store_or_writes_bytes_is_noticed() => Assert.That(
        CodeRules.Domains_are_pure([GuiltyModules.Project("Gamma")]).Short(),
        Is.EqualTo([
            "Gamma.Domain.Impure uses System.Text.Json.JsonSerializer",
            "Gamma.Domain.Impure uses System.Text.Json.JsonSerializerOptions",
            "Gamma.Domain.Impure uses Gamma.Storage.Store",
            "Gamma.Domain.Impure uses TicketBooth.BuildingBlocks.Messaging.Outbox.OutboxEntry",
        ]));

    [Test]
    public void A_timer_is_noticed() => Assert.That(
        CodeRules.Only_periodic_work_has_timers([GuiltyModules.Project("Gamma")]).Short(),
        Is.EqualTo(["Gamma.Ticking uses System.Threading.PeriodicTimer", "Gamma.Ticking uses System.Threading.Timer"]));

    [Test]
    public void A_worker_of_another_name_is_noticed() => Assert.That(
        CodeRules.Workers_are_named_for_what_they_do(GuiltyModules.Code.GetTypes()).Short(),
        Is.EqualTo(["Gamma.Keeper is periodic work and not named <Verb><Noun>Worker"]));

    [Test]
    public void A_consumer_of_another_name_is_noticed() => Assert.That(
        CodeRules.Consumers_are_named_for_their_message(GuiltyModules.Code.GetTypes()).Short(),
        Is.EqualTo([
            "Alpha.Unsealing+Consumer consumes Line and is not named <Verb><Noun>WhenLine",
            "Gamma.Listener consumes Line and is not named <Verb><Noun>WhenLine",
        ]));

    [Test]
    public void A_log_message_without_an_id_of_its_range_is_noticed() => Assert.That(
        CodeRules.Log_messages_have_an_id_of_their_projects_range(GuiltyLogged.Select(message => message with { Project = "TicketBooth.Booking" })).Short(),
        Is.EqualTo([
            "Gamma.Logging.Elsewhere has the event id 3001, which is not of TicketBooth.Booking",
            "Gamma.Logging.Nothing has the event id -1, which is not of TicketBooth.Booking",
        ]));

    [Test]
    public void Two_log_messages_with_one_id_are_noticed() => Assert.That(
        CodeRules.Log_messages_have_an_id_of_their_own(GuiltyLogged).Short(),
        Is.EqualTo(["Gamma.Logging.First has the event id 4001 of Gamma.Logging.Second", "Gamma.Logging.Second has the event id 4001 of Gamma.Logging.First"]));

    private static IEnumerable<Type> Types() =>
        Repository.Projects.SelectMany(project => Assembly.Load(project.Name).GetTypes()).Where(type => !type.IsGenerated());
}
