using System.Globalization;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace TicketBooth.Gateways.Pix;

/// <summary>The query of a list, read as strictly as a body, and the page that it asks for.</summary>
internal sealed partial class PixQuery(IQueryCollection query, params string[] known)
{
    private static readonly string[] Always = ["inicio", "fim", "cpf", "cnpj", "paginacao.paginaAtual", "paginacao.itensPorPagina"];
    private readonly JsonObject parameters = [];

    public List<PixViolation> Violations { get; } = [];

    public DateTimeOffset From { get; private set; }
    public DateTimeOffset To { get; private set; }

    public string? Text(string name, Regex? pattern = null)
    {
        if (!query.TryGetValue(name, out var values))
        {
            return null;
        }

        var text = values.ToString();
        if (values.Count != 1 || pattern?.IsMatch(text) == false)
        {
            Violations.Add(PixViolation.Schema(name));
            return null;
        }

        parameters[name] = text;
        return text;
    }

    public bool? Flag(string name) => Text(name, TrueOrFalse()) is { } text ? text == "true" : null;

    /// <summary>Reads the period and refuses unknown parameters, both of cpf and cnpj, and an end before its begin.</summary>
    public void ReadPeriod(bool required = true)
    {
        From = Time("inicio", required) ?? DateTimeOffset.MinValue;
        To = Time("fim", required) ?? DateTimeOffset.MaxValue;
        if (To < From)
        {
            Violations.Add(new("O timestamp representado pelo parâmetro fim é anterior ao representado pelo parâmetro inicio.", "fim"));
        }

        if (query.ContainsKey("cpf") && query.ContainsKey("cnpj"))
        {
            Violations.Add(new("Ambos os parâmetros cpf e cnpj estão preenchidos.", "cpf"));
        }

        Violations.AddRange(query.Keys.Where(key => !Always.Concat(known).Contains(key, StringComparer.Ordinal)).Select(PixViolation.Schema));
    }

    /// <summary>One page as the document has it: `parametros` with `paginacao`, and the items under their name.</summary>
    public JsonObject Page<T>(string name, IReadOnlyList<T> all, Func<T, JsonObject> write, Func<List<PixViolation>, PixProblem> problem)
    {
        var page = Number("paginacao.paginaAtual", 0, int.MaxValue, 0);
        var size = Number("paginacao.itensPorPagina", 1, 1000, 100);
        if (Violations.Count > 0)
        {
            throw new PixProblemException(problem(Violations));
        }

        parameters.Remove("paginacao.paginaAtual");
        parameters.Remove("paginacao.itensPorPagina");
        parameters["paginacao"] = new JsonObject
        {
            ["paginaAtual"] = page,
            ["itensPorPagina"] = size,
            ["quantidadeDePaginas"] = Math.Max(1, (all.Count + size - 1) / size),
            ["quantidadeTotalDeItens"] = all.Count,
        };
        return new() { ["parametros"] = parameters, [name] = PixJson.Array(all.Skip((int)Math.Min((long)page * size, int.MaxValue)).Take(size).Select(write)) };
    }

    private int Number(string name, int lowest, int highest, int otherwise)
    {
        if (Text(name) is not { } text)
        {
            return otherwise;
        }

        if (int.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number) && number >= lowest && number <= highest)
        {
            return number;
        }

        Violations.Add(PixViolation.Schema(name));
        return otherwise;
    }

    private DateTimeOffset? Time(string name, bool required)
    {
        if (!query.ContainsKey(name))
        {
            if (required)
            {
                Violations.Add(new($"O parâmetro {name} é obrigatório.", name));
            }

            return null;
        }

        if (Text(name, Rfc3339()) is not { } text)
        {
            return null;
        }

        if (DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.None, out var time))
        {
            return time;
        }

        Violations.Add(PixViolation.Schema(name));
        return null;
    }

    [GeneratedRegex(@"^[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}(\.[0-9]{1,7})?(Z|[+-][0-9]{2}:[0-9]{2})\z", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 10_000)]
    private static partial Regex Rfc3339();

    [GeneratedRegex(@"^(true|false)\z", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 10_000)]
    private static partial Regex TrueOrFalse();
}
