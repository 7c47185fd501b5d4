using System.Text;
using System.Text.Json.Nodes;
using TicketBooth.Gateways.Callbacks;

namespace TicketBooth.Gateways.Pix;

/// <summary>Tells webhooks about Pix: one call for each key, and of those Pix only that carry a txid, as the document has it.</summary>
internal sealed class PixNotices(PixLedger ledger, PixJson json, CallbackSender sender)
{
    public void Tell(string name, IReadOnlyList<ReceivedPix> all)
    {
        foreach (var ofKey in all.Where(pix => pix.Txid is not null).GroupBy(pix => pix.Key, StringComparer.Ordinal))
        {
            if (ledger.FindWebhook(ofKey.Key) is { } webhook)
            {
                var body = new JsonObject { ["pix"] = PixJson.Array(ofKey.Select(json.Pix)) };
                sender.Send(
                    new Callback(
                        name,
                        new Uri(webhook.Url.TrimEnd('/') + "/pix"),
                        Encoding.UTF8.GetBytes(body.ToJsonString(PixJson.Options)),
                        "application/json",
                        () => new Dictionary<string, string>(StringComparer.Ordinal)
                    )
                );
            }
        }
    }
}
