using Mono.Cecil;
using Mono.Cecil.Cil;
using Assembly = System.Reflection.Assembly;

namespace TicketBooth.ArchitectureTests;

/// <summary>A type that is not nested in another, and every such type that it uses: in signatures, bodies, attributes and generic arguments.</summary>
/// <param name="Used">Full names with their namespaces, without what is nested in them.</param>
internal sealed record TypeUses(string Namespace, string Name, IReadOnlySet<(string Namespace, string Name)> Used)
{
    public string FullName => $"{Namespace}.{Name}";

    /// <summary>What people wrote in an assembly; what a compiler put beside it has no namespace of ours.</summary>
    public static IReadOnlyList<TypeUses> In(Assembly assembly, string rootNamespace)
    {
        using var module = ModuleDefinition.ReadModule(assembly.Location);
        return
        [
            .. module.Types
                .Where(type => type.Namespace == rootNamespace || type.Namespace.StartsWith(rootNamespace + ".", StringComparison.Ordinal))
                .Where(type => !type.Name.Contains('<', StringComparison.Ordinal))
                .Select(type => new TypeUses(type.Namespace, Plain(type.Name), Collector.Of(type))),
        ];
    }

    /// <summary>Without the number of its generic parameters.</summary>
    private static string Plain(string name) => name.Split('`')[0];

    private sealed class Collector
    {
        private readonly HashSet<(string Namespace, string Name)> used = [];

        public static HashSet<(string Namespace, string Name)> Of(TypeDefinition type)
        {
            var collector = new Collector();
            collector.Visit(type);
            collector.used.Remove((type.Namespace, Plain(type.Name)));
            return collector.used;
        }

        private void Visit(TypeDefinition type)
        {
            Add(type.BaseType);
            Visit(type.CustomAttributes);
            Visit(type.GenericParameters);
            foreach (var contract in type.Interfaces)
            {
                Add(contract.InterfaceType);
            }

            foreach (var field in type.Fields)
            {
                Add(field.FieldType);
                Visit(field.CustomAttributes);
            }

            foreach (var property in type.Properties)
            {
                Visit(property.CustomAttributes);
            }

            foreach (var method in type.Methods)
            {
                Visit(method);
            }

            foreach (var nested in type.NestedTypes)
            {
                Visit(nested);
            }
        }

        private void Visit(MethodDefinition method)
        {
            Add(method.ReturnType);
            Visit(method.CustomAttributes);
            Visit(method.GenericParameters);
            foreach (var parameter in method.Parameters)
            {
                Add(parameter.ParameterType);
                Visit(parameter.CustomAttributes);
            }

            if (!method.HasBody)
            {
                return;
            }

            foreach (var variable in method.Body.Variables)
            {
                Add(variable.VariableType);
            }

            foreach (var handler in method.Body.ExceptionHandlers)
            {
                Add(handler.CatchType);
            }

            foreach (var instruction in method.Body.Instructions)
            {
                Visit(instruction);
            }
        }

        private void Visit(Instruction instruction)
        {
            switch (instruction.Operand)
            {
                case TypeReference type:
                    Add(type);
                    break;
                case FieldReference field:
                    Add(field.DeclaringType);
                    Add(field.FieldType);
                    break;
                case MethodReference method:
                    Add(method.DeclaringType);
                    Add(method.ReturnType);
                    foreach (var parameter in method.Parameters)
                    {
                        Add(parameter.ParameterType);
                    }

                    foreach (var argument in (method as GenericInstanceMethod)?.GenericArguments ?? [])
                    {
                        Add(argument);
                    }

                    break;
            }
        }

        private void Visit(IEnumerable<CustomAttribute> attributes)
        {
            foreach (var attribute in attributes)
            {
                Add(attribute.AttributeType);
                foreach (var argument in attribute.ConstructorArguments)
                {
                    Add(argument.Value as TypeReference);
                }
            }
        }

        private void Visit(IEnumerable<GenericParameter> parameters)
        {
            foreach (var constraint in parameters.SelectMany(parameter => parameter.Constraints))
            {
                Add(constraint.ConstraintType);
            }
        }

        private void Add(TypeReference? type)
        {
            switch (type)
            {
                case null or GenericParameter:
                    return;
                case GenericInstanceType generic:
                    Add(generic.ElementType);
                    foreach (var argument in generic.GenericArguments)
                    {
                        Add(argument);
                    }

                    return;
                case TypeSpecification specification:
                    Add(specification.ElementType);
                    return;
            }

            var outermost = type;
            while (outermost.DeclaringType is { } declaring)
            {
                outermost = declaring;
            }

            used.Add((outermost.Namespace, Plain(outermost.Name)));
        }
    }
}
