using System.Reflection;
using System.Runtime.Loader;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using NSwag;
using NSwag.CodeGeneration.CSharp;
using NSwag.CodeGeneration.OperationNameGenerators;

namespace TicketBooth.Host.Tests.Clients;

/// <summary>The C# client that NSwag makes of the OpenAPI document, and the tour that is written against it.</summary>
internal static class CSharpClient
{
    private const string Namespace = "Generated";

    public static async Task<string> GenerateAsync(string document)
    {
        var settings = new CSharpClientGeneratorSettings
        {
            ClassName = "TicketBoothClient",
            OperationNameGenerator = new SingleClientFromOperationIdOperationNameGenerator(),
            GenerateOptionalParameters = true,
            UseBaseUrl = false,
        };
        settings.CSharpGeneratorSettings.Namespace = Namespace;
        settings.CSharpGeneratorSettings.GenerateNullableReferenceTypes = true;
        settings.CSharpGeneratorSettings.GenerateOptionalPropertiesAsNullable = true;
        return new CSharpClientGenerator(await OpenApiDocument.FromJsonAsync(document), settings).GenerateFile();
    }

    /// <summary>Compiles the client and the tour; fails with the compiler's errors.</summary>
    public static Func<Uri, string, string, Task<string>> Compile(string client, string tour)
    {
        var options = new CSharpParseOptions(LanguageVersion.Latest);
        var compilation = CSharpCompilation.Create(
            "TicketBooth.GeneratedClient",
            [CSharpSyntaxTree.ParseText(client, options), CSharpSyntaxTree.ParseText(tour, options)],
            ((string)AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES")!).Split(Path.PathSeparator).Select(path => MetadataReference.CreateFromFile(path)),
            new CSharpCompilationOptions(OutputKind.DynamicallyLinkedLibrary, nullableContextOptions: NullableContextOptions.Enable)
        );
        using var assembly = new MemoryStream();
        var result = compilation.Emit(assembly);
        Assert.That(result.Diagnostics.Where(diagnostic => diagnostic.Severity == DiagnosticSeverity.Error), Is.Empty);
        assembly.Position = 0;
        return AssemblyLoadContext
            .Default.LoadFromStream(assembly)
            .GetType(Namespace + ".Tour")!
            .GetMethod("RunAsync", BindingFlags.Public | BindingFlags.Static)!
            .CreateDelegate<Func<Uri, string, string, Task<string>>>();
    }
}
