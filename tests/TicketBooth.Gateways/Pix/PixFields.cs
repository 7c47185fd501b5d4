using System.Text.Json;
using System.Text.RegularExpressions;

namespace TicketBooth.Gateways.Pix;

/// <summary>
/// The fields of a JSON object as a strict reader takes them: what is missing, of another type, outside its pattern or unknown is noted as
/// a violation, and the reader goes on, so that one answer names all.
/// </summary>
internal sealed class PixFields(JsonElement element, string path, List<PixViolation> violations)
{
    private readonly HashSet<string> known = new(StringComparer.Ordinal);

    /// <summary>The body of a request; an error when it is not one JSON object.</summary>
    public static async Task<PixFields> ReadAsync(HttpRequest request, string path, List<PixViolation> violations)
    {
        if (!request.HasJsonContentType())
        {
            throw new PixProblemException(PixProblem.Invalid("O corpo deve ser application/json."));
        }

        try
        {
            using var document = await JsonDocument.ParseAsync(
                request.Body,
                new JsonDocumentOptions { AllowDuplicateProperties = false },
                request.HttpContext.RequestAborted
            );
            return document.RootElement.ValueKind == JsonValueKind.Object
                ? new(document.RootElement.Clone(), path, violations)
                : throw new PixProblemException(PixProblem.Invalid("O corpo deve ser um objeto JSON."));
        }
        catch (JsonException broken)
        {
            throw new PixProblemException(PixProblem.Invalid("O corpo não é JSON: " + broken.Message));
        }
    }

    public bool Has(string name) => element.TryGetProperty(name, out _);

    public string? Text(string name, bool required = false, int? longest = null, Regex? pattern = null)
    {
        if (!Find(name, required, out var value))
        {
            return null;
        }

        if (value.ValueKind != JsonValueKind.String)
        {
            Refuse(name);
            return null;
        }

        var text = value.GetString()!;
        if (text.Length > longest || pattern?.IsMatch(text) == false)
        {
            Refuse(name);
            return null;
        }

        return text;
    }

    public long? Money(string name, bool required)
    {
        if (Text(name, required) is not { } text)
        {
            return null;
        }

        var cents = PixMoney.Read(text);
        if (cents is null)
        {
            Refuse(name);
        }

        return cents;
    }

    public long? Number(string name, long lowest, long highest, bool required = false)
    {
        if (!Find(name, required, out var value))
        {
            return null;
        }

        if (value.ValueKind == JsonValueKind.Number && value.TryGetInt64(out var number) && number >= lowest && number <= highest)
        {
            return number;
        }

        Refuse(name);
        return null;
    }

    public PixFields? Object(string name, bool required = false)
    {
        if (!Find(name, required, out var value))
        {
            return null;
        }

        if (value.ValueKind == JsonValueKind.Object)
        {
            return new(value, PathOf(name), violations);
        }

        Refuse(name);
        return null;
    }

    public IReadOnlyList<PixFields>? Objects(string name, int most)
    {
        if (!Find(name, required: false, out var value))
        {
            return null;
        }

        if (
            value.ValueKind == JsonValueKind.Array
            && value.GetArrayLength() <= most
            && value.EnumerateArray().All(item => item.ValueKind == JsonValueKind.Object)
        )
        {
            return [.. value.EnumerateArray().Select((item, i) => new PixFields(item, $"{PathOf(name)}[{i}]", violations))];
        }

        Refuse(name);
        return null;
    }

    public void Refuse(string name) => violations.Add(PixViolation.Schema(PathOf(name)));

    public void Refuse(string name, string why) => violations.Add(new(why, PathOf(name)));

    /// <summary>Refuses every field that nobody asked for.</summary>
    public void Close()
    {
        foreach (var field in element.EnumerateObject().Where(field => !known.Contains(field.Name)))
        {
            Refuse(field.Name, $"O campo {PathOf(field.Name)} não existe no _schema_.");
        }
    }

    private string PathOf(string name) => $"{path}.{name}";

    private bool Find(string name, bool required, out JsonElement value)
    {
        known.Add(name);
        if (element.TryGetProperty(name, out value))
        {
            return true;
        }

        if (required)
        {
            Refuse(name, $"O campo {PathOf(name)} é obrigatório.");
        }

        return false;
    }
}
