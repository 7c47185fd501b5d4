using FluentValidation;
using MediatR;
using Microsoft.Extensions.DependencyInjection;
using TicketBooth.BuildingBlocks.Web.Mediation;
using TicketBooth.Host;

namespace TicketBooth.ArchitectureTests;

public sealed class RequestTests
{
    [Test]
    public void Each_request_has_one_handler_in_its_own_module() => RequestRules.Each_has_one_handler_in_its_own_module(Repository.Modules).MustHold();

    [Test]
    public Task Each_request_has_a_handler_that_the_host_can_build() =>
        InTheHostAsync(services => RequestRules.Each_has_a_handler_that_the_container_can_build(Repository.Modules, services));

    [Test]
    public Task Each_request_with_text_or_numbers_has_a_validator_that_the_host_can_build() =>
        InTheHostAsync(services => RequestRules.Each_with_text_or_numbers_has_a_validator_that_the_container_can_build(Repository.Modules, services));

    [Test]
    public void A_request_without_its_one_handler_is_noticed() => Assert.That(
        RequestRules.Each_has_one_handler_in_its_own_module(GuiltyModules.Modules).Short(),
        Is.EqualTo([
            "Alpha.Contracts.AnsweredElsewhere has 0 handlers in Alpha [], not one",
            "Alpha.Contracts.AnsweredElsewhere is answered by another module's Beta.Meddling+Handler",
            "Alpha.Contracts.AnsweredTwice has 2 handlers in Alpha [Alpha.Nosy+Handler, Alpha.Unsealing+Handler], not one",
            "Alpha.Contracts.Nested has 0 handlers in Alpha [], not one",
            "Alpha.Contracts.Unanswered has 0 handlers in Alpha [], not one",
        ]));

    [Test]
    public async Task A_handler_that_cannot_be_built_is_noticed()
    {
        await using var services = new ServiceCollection()
            .AddSlices(GuiltyModules.Code)
            .AddTransient<IRequestHandler<Guilty.Alpha.Contracts.Answered, BuildingBlocks.Kernel.Result<BuildingBlocks.Kernel.Done>>, Unbuildable>()
            .BuildServiceProvider();

        Assert.That(RequestRules.Each_has_a_handler_that_the_container_can_build(GuiltyModules.Modules, services).Short(), Has.Exactly(4).Items
            .And.One.StartsWith("Alpha.Contracts.Answered cannot be built: ").And.One.Contains("AnsweredTwice has not one registered handler").And.One.Contains("Nested has not one registered handler").And.One.Contains("Unanswered has not one registered handler"));
    }

    [Test]
    public async Task A_request_without_a_validator_is_noticed()
    {
        await using var services = new ServiceCollection().AddSlices(GuiltyModules.Code).BuildServiceProvider();

        Assert.That(
            RequestRules.Each_with_text_or_numbers_has_a_validator_that_the_container_can_build(GuiltyModules.Modules, services).Short(),
            Is.EqualTo(["Alpha.Contracts.Unvalidated has no validator", "Alpha.Contracts.UnvalidatedInside has no validator"]));
    }

    [Test]
    public async Task A_validator_that_was_not_registered_because_it_is_internal_is_noticed()
    {
        await using var services = new ServiceCollection().AddValidatorsFromAssembly(GuiltyModules.Code, includeInternalTypes: false).BuildServiceProvider();

        Assert.That(
            RequestRules.Each_with_text_or_numbers_has_a_validator_that_the_container_can_build(GuiltyModules.Modules, services).Short(),
            Does.Contain("Alpha.Contracts.Validated has no validator"));
    }

    /// <summary>Composes the host as it is, with every module and a folder of its own, without starting it.</summary>
    private static async Task InTheHostAsync(Func<IServiceProvider, Verdict> judge)
    {
        var folder = Directory.CreateTempSubdirectory("ticketbooth-test-");
        try
        {
            await using var app = TicketBoothHost.Build([$"--Storage:Path={folder.FullName}", "--environment=Development"]);
            await using var scope = app.Services.CreateAsyncScope();
            judge(scope.ServiceProvider).MustHold();
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    private sealed class Unbuildable(HttpClient nobodyRegistersThis) : IRequestHandler<Guilty.Alpha.Contracts.Answered, BuildingBlocks.Kernel.Result<BuildingBlocks.Kernel.Done>>
    {
        public Task<BuildingBlocks.Kernel.Result<BuildingBlocks.Kernel.Done>> Handle(Guilty.Alpha.Contracts.Answered request, CancellationToken cancellationToken) =>
            throw new InvalidOperationException($"Never built, so never asked: {nobodyRegistersThis}.");
    }
}
