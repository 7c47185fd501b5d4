using System.Runtime.CompilerServices;
using Microsoft.Extensions.Options;

namespace TicketBooth.Payments.Gateways.Pix;

/// <summary>What the provider knows of a thing: the thing, that there is none, or that nobody could say.</summary>
internal readonly record struct Known<T>(T? Value, bool IsNone)
    where T : class
{
    public static readonly Known<T> None = new(null, IsNone: true);

    public static readonly Known<T> Unreachable = new(null, IsNone: false);
}

/// <summary>Reads from the provider. What cannot be understood counts as not answered.</summary>
internal sealed class PixReader(PixApi api, IOptions<PixOptions> options)
{
    private const int PageSize = 100;

    /// <summary>Providers limit what one question may span.</summary>
    private static readonly TimeSpan Window = TimeSpan.FromDays(30);

    public async Task<Known<Cob>> CobAsync(string txid, CancellationToken cancellationToken)
    {
        var reply = await api.GetAsync($"cob/{txid}", cancellationToken);
        return Of(reply, reply.Read(PixDocuments.Default.Cob) is { } cob && cob.Received?.All(PixFacts.IsReadable) != false ? cob : null);
    }

    public async Task<Known<ReceivedPix>> PixAsync(string endToEndId, CancellationToken cancellationToken)
    {
        var reply = await api.GetAsync($"pix/{endToEndId}", cancellationToken);
        return Of(reply, reply.Read(PixDocuments.Default.ReceivedPix) is { } pix && PixFacts.IsReadable(pix) ? pix : null);
    }

    public async Task<Known<Devolucao>> DevolucaoAsync(string endToEndId, string id, CancellationToken cancellationToken)
    {
        var reply = await api.GetAsync($"pix/{endToEndId}/devolucao/{id}", cancellationToken);
        return Of(reply, reply.Read(PixDocuments.Default.Devolucao) is { } given && PixFacts.IsReadable(given) ? given : null);
    }

    /// <summary>Money for our key that came in a time, both ends included; the same may come twice.</summary>
    /// <exception cref="GatewayUnreachableException">The provider did not answer.</exception>
    public async IAsyncEnumerable<ReceivedPix> ReceivedAsync(
        DateTimeOffset from,
        DateTimeOffset to,
        bool onlyReturned,
        [EnumeratorCancellation] CancellationToken cancellationToken
    )
    {
        for (var start = from; start < to; start += Window)
        {
            var end = to - start < Window ? to : start + Window;
            var period = $"pix?inicio={PixIds.TimeOf(start)}&fim={PixIds.TimeOf(end)}{(onlyReturned ? "&devolucaoPresente=true" : "")}";
            var pages = 1;
            for (var page = 0; page < pages; page++)
            {
                var path = FormattableString.Invariant($"{period}&paginacao.paginaAtual={page}&paginacao.itensPorPagina={PageSize}");
                var reply = await api.GetAsync(path, cancellationToken);
                if (reply.Read(PixDocuments.Default.PixPage) is not { } read || read.Items?.All(PixFacts.IsReadable) == false)
                {
                    throw new GatewayUnreachableException(PixGateway.GatewayName);
                }

                pages = read.Parameters?.Pagination?.Pages ?? 1;
                foreach (var pix in (read.Items ?? []).Where(IsOurs))
                {
                    yield return pix;
                }
            }
        }
    }

    /// <summary>The account may have other keys, whose money is nothing to us. Not every provider names the key.</summary>
    public bool IsOurs(ReceivedPix pix) => pix.Key is null || pix.Key == options.Value.Key;

    private static Known<T> Of<T>(PixReply reply, T? value)
        where T : class =>
        value is not null ? new(value, IsNone: false)
        : reply.IsNotFound ? Known<T>.None
        : Known<T>.Unreachable;
}
