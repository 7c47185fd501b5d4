using System.Reflection;
using FluentValidation;
using MediatR;
using Microsoft.Extensions.DependencyInjection;

namespace TicketBooth.ArchitectureTests;

/// <summary>What holds for the requests that modules send each other.</summary>
internal static class RequestRules
{
    public static Verdict Each_has_one_handler_in_its_own_module(IReadOnlyCollection<ModuleCode> modules)
    {
        var handlers = modules
            .SelectMany(module => module.Types.SelectMany(type => type.Implementations(typeof(IRequestHandler<,>)).Select(handles => (module.Name, Handler: type, Request: handles.GetGenericArguments()[0]))))
            .ToLookup(handler => handler.Request);
        return Verdict.On(
            Requests(modules),
            request => request.Type.FullName!,
            request =>
            {
                var mine = handlers[request.Type].Where(handler => handler.Name == request.Module).Select(handler => handler.Handler.FullName).ToList();
                var others = handlers[request.Type].Where(handler => handler.Name != request.Module).Select(handler => "is answered by another module's " + handler.Handler.FullName);
                return mine.Count == 1 ? others : [.. others, $"has {mine.Count} handlers in {request.Module} [{string.Join(", ", mine)}], not one"];
            });
    }

    /// <summary>Resolving builds the handler, so whatever it needs must be registered too.</summary>
    public static Verdict Each_has_a_handler_that_the_container_can_build(IEnumerable<ModuleCode> modules, IServiceProvider services) => Verdict.On(
        Requests(modules),
        request => request.Type.FullName!,
        request => request.Type.Implementations(typeof(IRequest<>)).SelectMany(answer => Faults(() => services
            .GetServices(typeof(IRequestHandler<,>).MakeGenericType(request.Type, answer.GetGenericArguments()[0])).Count() == 1 ? [] : ["has not one registered handler"])));

    /// <summary>Ids, flags, moments and enums are sound by their type; text and numbers are not, however deep they sit.</summary>
    public static Verdict Each_with_text_or_numbers_has_a_validator_that_the_container_can_build(IEnumerable<ModuleCode> modules, IServiceProvider services) => Verdict.On(
        Requests(modules).Where(request => NeedsValidation(request.Type, [])),
        request => request.Type.FullName!,
        request => Faults(() => services.GetServices(typeof(IValidator<>).MakeGenericType(request.Type)).Any() ? [] : ["has no validator"]));

    private static IEnumerable<(string Module, Type Type)> Requests(IEnumerable<ModuleCode> modules) =>
        modules.SelectMany(module => module.Contracts.Where(type => type.IsRequest()).Select(type => (module.Name, type)));

    private static bool NeedsValidation(Type type, HashSet<Type> seen)
    {
        var plain = Nullable.GetUnderlyingType(type) ?? type;
        if (plain.IsEnum || plain == typeof(bool))
        {
            return false;
        }

        if (plain == typeof(string) || plain.IsPrimitive || plain == typeof(decimal))
        {
            return true;
        }

        if (Elements(plain) is { } element)
        {
            return NeedsValidation(element, seen);
        }

        return plain.IsRecord()
            && seen.Add(plain)
            && plain.GetProperties(BindingFlags.Public | BindingFlags.Instance).Any(property => NeedsValidation(property.PropertyType, seen));
    }

    private static Type? Elements(Type type) =>
        type.GetInterfaces().Append(type).FirstOrDefault(contract => contract.IsGenericType && contract.GetGenericTypeDefinition() == typeof(IEnumerable<>))?.GetGenericArguments()[0];

    private static IEnumerable<string> Faults(Func<IEnumerable<string>> judge)
    {
        try
        {
            return judge();
        }
        catch (InvalidOperationException unbuildable)
        {
            return ["cannot be built: " + unbuildable.Message];
        }
    }
}
