using FluentValidation;
using MediatR;
using Microsoft.Extensions.DependencyInjection;
using TicketBooth.BuildingBlocks.Kernel;
using TicketBooth.BuildingBlocks.Web.Mediation;

namespace TicketBooth.BuildingBlocks.Tests.Mediation;

public sealed class RequestValidationTests
{
    private ServiceProvider provider = null!;

    [SetUp]
    public void Compose() =>
        provider = new ServiceCollection().AddSingleton<Reached>().AddSlices(typeof(RequestValidationTests).Assembly).BuildServiceProvider();

    [TearDown]
    public ValueTask DisposeAsync() => provider.DisposeAsync();

    [Test]
    public async Task A_sound_request_reaches_its_handler()
    {
        var saved = await SendAsync(new Save("Night", [new Line("Standard", new Price(100))]));

        Assert.That(saved.Value, Is.EqualTo("Night"));
        Assert.That(provider.GetRequiredService<Reached>().Times, Is.EqualTo(1));
    }

    [Test]
    public async Task A_broken_request_never_reaches_its_handler()
    {
        var saved = await SendAsync(new Save("", []));

        Assert.That(saved.Error, Has.Property(nameof(Error.Code)).EqualTo("validation-failed").And.Property(nameof(Error.Kind)).EqualTo(ErrorKind.Rule));
        Assert.That(provider.GetRequiredService<Reached>().Times, Is.Zero);
    }

    [Test]
    public async Task Names_nested_fields_as_the_client_wrote_them()
    {
        var saved = await SendAsync(new Save("", [new Line("Standard", new Price(100)), new Line("", new Price(0))]));

        Assert.That(saved.Error!.Fields!.Keys, Is.EquivalentTo(["eventName", "tierLines[1].tierName", "tierLines[1].price.inCents"]));
    }

    [Test]
    public async Task Says_everything_that_is_wrong_with_a_field()
    {
        var saved = await SendAsync(new Save("x\n", [new Line("Standard", new Price(100))]));

        Assert.That(saved.Error!.Fields!["eventName"], Is.EqualTo(["Too short.", "One line, please."]));
    }

    [Test]
    public async Task A_request_whose_answer_cannot_be_a_failure_is_left_alone() =>
        Assert.That(await provider.GetRequiredService<IMediator>().Send(new Ask("")), Is.EqualTo(42));

    private Task<Result<string>> SendAsync(Save request) => provider.GetRequiredService<IMediator>().Send(request);

    internal sealed record Save(string EventName, IReadOnlyList<Line> TierLines) : IRequest<Result<string>>;

    internal sealed record Line(string TierName, Price Price);

    internal sealed record Price(long InCents);

    internal sealed record Ask(string Question) : IRequest<int>;

    internal sealed class Reached
    {
        public int Times { get; set; }
    }

    internal sealed class SaveValidator : AbstractValidator<Save>
    {
        public SaveValidator()
        {
            RuleFor(save => save.EventName).MinimumLength(3).WithMessage("Too short.").Must(name => !name.Contains('\n', StringComparison.Ordinal)).WithMessage("One line, please.");
            RuleForEach(save => save.TierLines).ChildRules(line =>
            {
                line.RuleFor(each => each.TierName).NotEmpty();
                line.RuleFor(each => each.Price.InCents).GreaterThan(0);
            });
        }
    }

    internal sealed class AskValidator : AbstractValidator<Ask>
    {
        public AskValidator() => RuleFor(ask => ask.Question).NotEmpty();
    }

    internal sealed class SaveHandler(Reached reached) : IRequestHandler<Save, Result<string>>
    {
        public Task<Result<string>> Handle(Save request, CancellationToken cancellationToken)
        {
            reached.Times++;
            return Task.FromResult<Result<string>>(request.EventName);
        }
    }

    internal sealed class AskHandler : IRequestHandler<Ask, int>
    {
        public Task<int> Handle(Ask request, CancellationToken cancellationToken) => Task.FromResult(42);
    }
}
