using System.Collections.Concurrent;
using MediatR;
using Microsoft.Extensions.DependencyInjection;

namespace TicketBooth.BuildingBlocks.Web.Mediation;

/// <summary>
/// MediatR's mediator, with a direct way to the handler. MediatR 5.1 wraps every request in closures, one for each behavior and one for the
/// handler. Here a request that passes its checks goes to its handler at once, and only the few that have behaviors are wrapped.
/// </summary>
internal sealed class DirectMediator(IServiceProvider services) : Mediator(services.GetRequiredService), IMediator
{
    private static readonly ConcurrentDictionary<Type, object> Ways = new();

    Task<TResponse> IMediator.Send<TResponse>(IRequest<TResponse> request, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(request);
        var way = Ways.GetOrAdd(
            request.GetType(),
            static (type, response) => Activator.CreateInstance(typeof(Way<,>).MakeGenericType(type, response))!,
            typeof(TResponse)
        );
        return ((Way<TResponse>)way).SendAsync(services, request, cancellationToken);
    }

    private abstract class Way<TResponse>
    {
        public abstract Task<TResponse> SendAsync(
            IServiceProvider services,
            IRequest<TResponse> request,
            CancellationToken cancellationToken
        );
    }

    private sealed class Way<TRequest, TResponse> : Way<TResponse>
        where TRequest : IRequest<TResponse>
    {
        public override Task<TResponse> SendAsync(
            IServiceProvider services,
            IRequest<TResponse> request,
            CancellationToken cancellationToken
        )
        {
            var sent = (TRequest)request;
            foreach (var check in services.GetServices<IRequestCheck<TRequest, TResponse>>())
            {
                if (check.Refuses(sent, out var refusal))
                {
                    return Task.FromResult(refusal);
                }
            }

            var handler = services.GetRequiredService<IRequestHandler<TRequest, TResponse>>();
            var behaviors = services.GetServices<IPipelineBehavior<TRequest, TResponse>>().ToArray();
            return behaviors.Length == 0 ? handler.Handle(sent, cancellationToken) : RunAsync(behaviors, handler, sent, cancellationToken);
        }

        /// <summary>The first behavior is the outermost.</summary>
        private static Task<TResponse> RunAsync(
            IPipelineBehavior<TRequest, TResponse>[] behaviors,
            IRequestHandler<TRequest, TResponse> handler,
            TRequest request,
            CancellationToken cancellationToken
        )
        {
            RequestHandlerDelegate<TResponse> next = () => handler.Handle(request, cancellationToken);
            foreach (var behavior in Enumerable.Reverse(behaviors))
            {
                var inner = next;
                next = () => behavior.Handle(request, cancellationToken, inner);
            }

            return next();
        }
    }
}
