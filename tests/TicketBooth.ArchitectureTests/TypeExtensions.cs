using System.CodeDom.Compiler;
using System.Reflection;
using System.Runtime.CompilerServices;
using MediatR;

namespace TicketBooth.ArchitectureTests;

internal static class TypeExtensions
{
    private static readonly string[] MigrationTypes = ["Microsoft.EntityFrameworkCore.Migrations.Migration", "Microsoft.EntityFrameworkCore.Infrastructure.ModelSnapshot"];

    /// <summary>Closures, state machines, source generators' output, compiled Razor views and EF Core migrations are not written by us.</summary>
    public static bool IsGenerated(this Type type) =>
        type.IsDefined(typeof(CompilerGeneratedAttribute), inherit: false)
        || type.IsDefined(typeof(GeneratedCodeAttribute), inherit: false)
        || type.Name.Contains('<', StringComparison.Ordinal)
        || type.Namespace == "AspNetCoreGeneratedDocument"
        || type.BaseTypes().Any(ancestor => MigrationTypes.Contains(ancestor.FullName, StringComparer.Ordinal))
        || (type.DeclaringType?.IsGenerated() ?? false);

    public static IEnumerable<Type> BaseTypes(this Type type)
    {
        for (var ancestor = type.BaseType; ancestor is not null; ancestor = ancestor.BaseType)
        {
            yield return ancestor;
        }
    }

    /// <summary>The type itself, or the outermost one that it is nested in.</summary>
    public static Type Outermost(this Type type) => type.DeclaringType?.Outermost() ?? type;

    /// <summary>Compilers give records a method of this name, which no one else can.</summary>
    public static bool IsRecord(this Type type) => type.GetMethod("<Clone>$", BindingFlags.Public | BindingFlags.Instance) is not null;

    public static bool IsRequest(this Type type) => type.IsClass && type.IsAssignableTo(typeof(IBaseRequest));

    /// <summary>The closed forms of a generic interface that the type implements.</summary>
    public static IEnumerable<Type> Implementations(this Type type, Type openInterface) =>
        type.GetInterfaces().Where(contract => contract.IsGenericType && contract.GetGenericTypeDefinition() == openInterface);
}
