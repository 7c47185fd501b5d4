using System.CodeDom.Compiler;
using System.Reflection;
using System.Runtime.CompilerServices;
using MediatR;

namespace TicketBooth.ArchitectureTests;

internal static class TypeExtensions
{
    /// <summary>Closures, state machines, source generators' output and compiled Razor views are not written by us.</summary>
    public static bool IsGenerated(this Type type) =>
        type.IsDefined(typeof(CompilerGeneratedAttribute), inherit: false)
        || type.IsDefined(typeof(GeneratedCodeAttribute), inherit: false)
        || type.Name.Contains('<', StringComparison.Ordinal)
        || type.Namespace == "AspNetCoreGeneratedDocument"
        || (type.DeclaringType?.IsGenerated() ?? false);

    /// <summary>The type itself, or the outermost one that it is nested in.</summary>
    public static Type Outermost(this Type type) => type.DeclaringType?.Outermost() ?? type;

    /// <summary>Compilers give records a method of this name, which no one else can.</summary>
    public static bool IsRecord(this Type type) => type.GetMethod("<Clone>$", BindingFlags.Public | BindingFlags.Instance) is not null;

    public static bool IsRequest(this Type type) => type.IsClass && type.IsAssignableTo(typeof(IBaseRequest));

    /// <summary>The closed forms of a generic interface that the type implements.</summary>
    public static IEnumerable<Type> Implementations(this Type type, Type openInterface) =>
        type.GetInterfaces().Where(contract => contract.IsGenericType && contract.GetGenericTypeDefinition() == openInterface);
}
