using FluentValidation;
using MediatR;
using Microsoft.Extensions.DependencyInjection;
using TicketBooth.BuildingBlocks.Kernel;
using TicketBooth.BuildingBlocks.Web.Mediation;

namespace TicketBooth.BuildingBlocks.Tests.Mediation;

public sealed class DirectMediatorTests
{
    private ServiceProvider provider = null!;

    [SetUp]
    public void Compose() =>
        provider = new ServiceCollection()
            .AddSingleton<Steps>()
            .AddSlices(typeof(DirectMediatorTests).Assembly)
            .AddTransient<IPipelineBehavior<Step, Result<string>>, Outer>()
            .AddTransient<IPipelineBehavior<Step, Result<string>>, Inner>()
            .BuildServiceProvider();

    [TearDown]
    public ValueTask DisposeAsync() => provider.DisposeAsync();

    private Steps Taken => provider.GetRequiredService<Steps>();

    [Test]
    public async Task Behaviors_surround_the_handler_in_the_order_of_their_registration()
    {
        var answer = await SendAsync(new Step("sound"));

        Assert.That(answer.Value, Is.EqualTo("sound, handled"));
        Assert.That(Taken, Is.EqualTo(["outer begins", "inner begins", "handler", "inner ends", "outer ends"]));
    }

    [Test]
    public async Task A_request_that_its_check_refuses_reaches_no_behavior()
    {
        var answer = await SendAsync(new Step(""));

        Assert.That(answer.Error!.Code, Is.EqualTo("validation-failed"));
        Assert.That(Taken, Is.Empty);
    }

    [Test]
    public void What_a_handler_throws_comes_to_the_sender() =>
        Assert.That(() => SendAsync(new Step("throw")), Throws.InvalidOperationException.With.Message.EqualTo("As asked."));

    [Test]
    public void A_request_without_a_handler_is_a_mistake() =>
        Assert.That(() => provider.GetRequiredService<IMediator>().Send(new Unheard()), Throws.InvalidOperationException.With.Message.Contains(nameof(Unheard)));

    private Task<Result<string>> SendAsync(Step request) => provider.GetRequiredService<IMediator>().Send(request);

    internal sealed class Steps : List<string>;

    internal sealed record Step(string Name) : IRequest<Result<string>>;

    internal sealed record Unheard : IRequest<int>;

    internal sealed class StepValidator : AbstractValidator<Step>
    {
        public StepValidator() => RuleFor(step => step.Name).NotEmpty();
    }

    internal sealed class StepHandler(Steps steps) : IRequestHandler<Step, Result<string>>
    {
        public Task<Result<string>> Handle(Step request, CancellationToken cancellationToken)
        {
            steps.Add("handler");
            return request.Name == "throw"
                ? throw new InvalidOperationException("As asked.")
                : Task.FromResult<Result<string>>(request.Name + ", handled");
        }
    }

    internal sealed class Outer(Steps steps) : Noting("outer", steps);

    internal sealed class Inner(Steps steps) : Noting("inner", steps);

    internal abstract class Noting(string name, Steps steps) : IPipelineBehavior<Step, Result<string>>
    {
        public async Task<Result<string>> Handle(Step request, CancellationToken cancellationToken, RequestHandlerDelegate<Result<string>> next)
        {
            steps.Add(name + " begins");
            var answer = await next();
            steps.Add(name + " ends");
            return answer;
        }
    }
}
