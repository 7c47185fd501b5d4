using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace TicketBooth.Gateways.Pix;

/// <summary>One violation in an error's list.</summary>
internal sealed record PixViolation(string Razao, string Propriedade)
{
    public static PixViolation Schema(string property) => new($"O campo {property} não respeita o _schema_.", property);
}

/// <summary>An error as the document has it: RFC 7807 with the Central Bank's types.</summary>
internal sealed record PixProblem(int Status, string Type, string Title, string Detail)
{
    public const string Types = "https://pix.bcb.gov.br/api/v2/error/";

    public IReadOnlyList<PixViolation> Violations { get; init; } = [];

    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web)
    {
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    };

    public static PixProblem Invalid(string detail) => new(400, "RequisicaoInvalida", "Requisição inválida.", detail);

    public static PixProblem Forbidden(string? why = null) =>
        new(403, "AcessoNegado", "Acesso Negado", why ?? "Requisição de participante autenticado que viola alguma regra de autorização.");

    public static PixProblem NotFound(string type = "NaoEncontrado", string detail = "Entidade não encontrada.") =>
        new(404, type, "Não Encontrado", detail);

    public static PixProblem Cob(params IReadOnlyList<PixViolation> violations) =>
        Broken(
            "CobOperacaoInvalida",
            "Cobrança inválida.",
            "A requisição que busca alterar ou criar uma cobrança para pagamento imediato não respeita o _schema_ ou está semanticamente errada.",
            violations
        );

    public static PixProblem CobQuery(params IReadOnlyList<PixViolation> violations) =>
        Query("CobConsultaInvalida", "Os parâmetros de consulta à lista de cobranças", violations);

    public static PixProblem PixQuery(params IReadOnlyList<PixViolation> violations) =>
        Query("PixConsultaInvalida", "Os parâmetros de consulta à lista de pix recebidos", violations);

    public static PixProblem WebhookQuery(params IReadOnlyList<PixViolation> violations) =>
        Query("WebhookConsultaInvalida", "Os parâmetros de consulta à lista de webhooks ativados", violations);

    public static PixProblem Return(params IReadOnlyList<PixViolation> violations) =>
        Broken(
            "PixDevolucaoInvalida",
            "Devolução inválida.",
            "A presente requisição de devolução não respeita o _schema_ ou não faz sentido semanticamente.",
            violations
        );

    public static PixProblem Webhook(params IReadOnlyList<PixViolation> violations) =>
        Broken(
            "WebhookOperacaoInvalida",
            "Webhook inválido.",
            "A presente requisição busca criar um webhook sem respeitar o _schema_ ou, ainda, com sentido semanticamente inválido.",
            violations
        );

    /// <summary>What a provider's front says before the API is reached, of which the document says nothing: 401, 429, 5xx.</summary>
    public static PixProblem Of(int status) =>
        status switch
        {
            500 => new(500, "ErroInternoDoServidor", "Erro interno", "Condição inesperada ao processar requisição."),
            503 => new(503, "ServicoIndisponivel", "Serviço Indisponível", "Serviço não está disponível no momento."),
            504 => new(504, "IndisponibilidadePorTempoEsgotado", "Tempo esgotado", "O serviço demorou além do esperado para retornar."),
            _ => new(status, "about:blank", "Erro", $"HTTP {status}"),
        };

    public async Task WriteAsync(HttpResponse response)
    {
        response.StatusCode = Status;
        response.ContentType = "application/problem+json";
        await response.WriteAsync(
            JsonSerializer.Serialize(
                new
                {
                    type = Type == "about:blank" ? Type : Types + Type,
                    title = Title,
                    status = Status,
                    detail = Detail,
                    correlationId = response.HttpContext.TraceIdentifier,
                    violacoes = Violations.Count == 0 ? null : Violations,
                },
                Json
            ),
            response.HttpContext.RequestAborted
        );
    }

    private static PixProblem Query(string type, string what, IReadOnlyList<PixViolation> violations) =>
        Broken(type, "Consulta inválida.", $"{what} não respeitam o _schema_ ou não fazem sentido semanticamente.", violations);

    private static PixProblem Broken(string type, string title, string detail, IReadOnlyList<PixViolation> violations) =>
        new(400, type, title, detail) { Violations = violations };
}

/// <summary>Ends a call with an error of the API.</summary>
internal sealed class PixProblemException(PixProblem problem) : Exception(problem.Detail)
{
    public PixProblem Problem { get; } = problem;
}
