using FluentValidation;
using MassTransit;
using MediatR;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Mvc.RazorPages;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using TicketBooth.ArchitectureTests.Guilty.Alpha.Contracts;
using TicketBooth.BuildingBlocks.Kernel;
using TicketBooth.BuildingBlocks.Messaging.Modules;

namespace TicketBooth.ArchitectureTests.Guilty.Alpha;

/// <summary>Innocent: the one module class.</summary>
public sealed class AlphaModule : IModule
{
    public string Name => "Alpha";

    public void AddServices(IServiceCollection services, IConfiguration configuration)
    {
    }

    // A module may name its slices' nested types.
    public void MapEndpoints(IEndpointRouteBuilder routes) => _ = new Innocent.Handler();
}

/// <summary>Innocent: a page, and what it binds.</summary>
public sealed class IndexModel : PageModel
{
    public sealed record Row(Guid Id);
}

/// <summary>Guilty: a second public class.</summary>
public sealed class BackDoor;

internal class Internals;

/// <summary>Innocent.</summary>
internal abstract class Base;

/// <summary>Innocent: async, lambdas, its own nested types.</summary>
internal static class Innocent
{
    internal sealed record Answer(Guid Id);

    internal static void Map(IEndpointRouteBuilder routes) => routes.MapGet("/innocent", async () =>
    {
        await Task.Yield();
        return new Answer(Guid.Empty);
    });

    internal sealed class Handler : IRequestHandler<Answered, Result<Done>>
    {
        public async Task<Result<Done>> Handle(Answered request, CancellationToken cancellationToken)
        {
            await Task.Yield();
            return new Answer(request.Id) == new Answer(Guid.Empty) ? default(Done) : default;
        }
    }
}

/// <summary>Guilty: in the body of an async method, in a lambda, and in a nested type's signature.</summary>
internal static class Nosy
{
    internal static void Map(IEndpointRouteBuilder routes) => routes.MapGet("/nosy", () => new Innocent.Answer(Guid.Empty));

    internal static async Task<bool> LookAsync(object other)
    {
        await Task.Yield();
        return other is Validating.Validator;
    }

    internal sealed class Handler : IRequestHandler<AnsweredTwice, Result<Done>>
    {
        public Innocent.Answer? Last { get; set; }

        public Task<Result<Done>> Handle(AnsweredTwice request, CancellationToken cancellationToken) => Task.FromResult<Result<Done>>(default(Done));
    }
}

internal static class Validating
{
    internal sealed class Validator : AbstractValidator<Validated>
    {
        public Validator() => RuleFor(request => request.Name).NotEmpty();
    }

    internal sealed class Handler : IRequestHandler<Validated, Result<Done>>
    {
        public Task<Result<Done>> Handle(Validated request, CancellationToken cancellationToken) => Task.FromResult<Result<Done>>(default(Done));
    }
}

internal static class Unsealing
{
    internal class Handler : IRequestHandler<AnsweredTwice, Result<Done>>
    {
        public Task<Result<Done>> Handle(AnsweredTwice request, CancellationToken cancellationToken) => Task.FromResult<Result<Done>>(default(Done));
    }

    internal abstract class Validator : AbstractValidator<AnsweredTwice>;

    internal class Consumer : IConsumer<Line>
    {
        // Guilty as well: this message would never reach anybody.
        public Task Consume(ConsumeContext<Line> context) => context.Publish(new Line(Guid.Empty, ""));
    }

    internal sealed class ValidationlessHandlers : IRequestHandler<Unvalidated, Result<Done>>, IRequestHandler<UnvalidatedInside, Result<Done>>
    {
        public Task<Result<Done>> Handle(Unvalidated request, CancellationToken cancellationToken) => Task.FromResult<Result<Done>>(default(Done));

        public Task<Result<Done>> Handle(UnvalidatedInside request, CancellationToken cancellationToken) => Task.FromResult<Result<Done>>(default(Done));
    }
}

/// <summary>Guilty: goes around the outbox.</summary>
internal sealed class Shouting(IBus bus)
{
    public async Task ShoutAsync()
    {
        await Task.Yield();
        await bus.Publish(new Line(Guid.Empty, ""));
    }
}
