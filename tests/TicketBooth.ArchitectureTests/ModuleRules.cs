using ArchUnitNET.Domain;
using FluentValidation;
using MassTransit;
using MediatR;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Mvc.RazorPages;
using Microsoft.AspNetCore.Routing;
using TicketBooth.BuildingBlocks.Messaging.Modules;

namespace TicketBooth.ArchitectureTests;

/// <summary>What holds for the inside of every module.</summary>
internal static class ModuleRules
{
    private static readonly string[] AroundTheOutbox = ["MassTransit.IBus", "MassTransit.IPublishEndpoint", "MassTransit.ISendEndpointProvider"];

    public static Verdict Each_has_one_module_class_named_for_it(IEnumerable<ModuleCode> modules) => Verdict.On(
        modules,
        module => module.Name,
        module =>
        {
            var classes = module.Types.Where(IsModuleClass).Select(type => type.Name).ToList();
            return classes is [var only] && only == module.Name + "Module" ? [] : [$"has the module classes [{string.Join(", ", classes)}], not one {module.Name}Module"];
        });

    public static Verdict Only_the_module_class_and_pages_are_public(IEnumerable<ModuleCode> modules) => Verdict.On(
        modules.SelectMany(module => module.Types),
        type => type.FullName!,
        type => type.IsVisible && !IsModuleClass(type) && !type.Outermost().IsSubclassOf(typeof(PageModel)) && !IsComponent(type) ? ["is public"] : []);

    /// <summary>A class is open only when another one of its module derives from it.</summary>
    public static Verdict Classes_are_sealed_static_or_abstract(IEnumerable<ModuleCode> modules)
    {
        var all = modules.SelectMany(module => module.Types).Where(type => type.IsClass && !IsComponent(type)).ToList();
        var bases = all.Select(type => type.BaseType).ToHashSet();
        return Verdict.On(
            all,
            type => type.FullName!,
            type => type.IsSealed || type.IsAbstract || bases.Contains(type) ? [] : ["is neither sealed, static nor abstract"]);
    }

    public static Verdict Handlers_validators_and_consumers_are_sealed(IEnumerable<ModuleCode> modules) => Verdict.On(
        modules.SelectMany(module => module.Types).Where(IsPlayer),
        type => type.FullName!,
        type => type.IsSealed ? [] : ["is not sealed"]);

    /// <summary>What two slices share belongs beside them, not into one of them. A page is there to send a slice's request and show its answer.</summary>
    public static Verdict Slices_do_not_use_each_others_nested_types(IEnumerable<ModuleCode> modules, Architecture architecture)
    {
        var all = modules.SelectMany(module => module.Types).ToList();
        var slices = all.Where(type => !type.IsNested && IsSlice(type)).ToHashSet();
        var nested = all.Where(type => type.IsNested && slices.Contains(type.Outermost())).ToDictionary(type => type.FullName!, StringComparer.Ordinal);
        return Verdict.On(
            all.Where(type => slices.Contains(type.Outermost()) && !type.Outermost().IsSubclassOf(typeof(PageModel))),
            type => type.FullName!,
            type => architecture.UsedBy(type)
                .Where(used => nested.TryGetValue(used, out var target) && target.Outermost() != type.Outermost())
                .Select(used => "uses " + used));
    }

    /// <summary>Beside the banned symbols of the compiler: this one also sees what a base interface offers.</summary>
    public static Verdict Messages_go_out_by_the_outbox_only(IEnumerable<ModuleCode> modules, Architecture architecture) => Verdict.On(
        modules.SelectMany(module => module.Types),
        type => type.FullName!,
        type => architecture.UsedBy(type).Where(used => AroundTheOutbox.Contains(used, StringComparer.Ordinal)).Select(used => "uses " + used));

    /// <summary>Razor writes the classes of a folder of components, public and open.</summary>
    private static bool IsComponent(Type type) => type.IsAssignableTo(typeof(IComponent)) || type.Name == "_Imports";

    private static bool IsModuleClass(Type type) => type.IsClass && type.IsAssignableTo(typeof(IModule));

    private static bool IsPlayer(Type type) =>
        type.IsClass && (type.Implementations(typeof(IRequestHandler<,>)).Any() || type.IsAssignableTo(typeof(IConsumer)) || type.IsAssignableTo(typeof(IValidator)));

    /// <summary>A use case in one file: a static class or a page with what it needs nested in it, or with an endpoint.</summary>
    private static bool IsSlice(Type type) =>
        type.IsSubclassOf(typeof(PageModel))
        || (type is { IsAbstract: true, IsSealed: true }
            && (type.GetNestedTypes(System.Reflection.BindingFlags.Public | System.Reflection.BindingFlags.NonPublic).Any(IsPlayer)
                || type.GetMethods(System.Reflection.BindingFlags.Static | System.Reflection.BindingFlags.Public | System.Reflection.BindingFlags.NonPublic)
                    .Any(method => method.Name == "Map" && method.GetParameters() is [{ ParameterType: var first }, ..] && first == typeof(IEndpointRouteBuilder))));
}
