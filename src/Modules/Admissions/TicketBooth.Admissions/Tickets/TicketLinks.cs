using System.Buffers.Binary;
using System.Buffers.Text;
using System.Security.Cryptography;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.Extensions.Options;
using TicketBooth.Admissions.Contracts;

namespace TicketBooth.Admissions.Tickets;

/// <summary>Links that show the tickets of one order to whoever has them, until they expire: for an e-mail, which has no token.</summary>
internal sealed class TicketLinks(IDataProtectionProvider protection, IOptions<AdmissionsOptions> options, TimeProvider clock)
{
    private const int IdLength = 16;
    private const int Length = IdLength + sizeof(long);

    // Longer than any that we sign.
    private const int LongestText = 512;

    private readonly IDataProtector protector = protection.CreateProtector("TicketBooth.Admissions.TicketLinks");

    public TicketsLink Sign(Guid orderId)
    {
        var expiresAt = clock.GetUtcNow().AddDays(options.Value.LinkDays);
        var bytes = new byte[Length];
        orderId.TryWriteBytes(bytes, bigEndian: true, out _);
        BinaryPrimitives.WriteInt64BigEndian(bytes.AsSpan(IdLength), expiresAt.ToUnixTimeSeconds());
        var link = Base64Url.EncodeToString(protector.Protect(bytes));
        return new TicketsLink(
            $"/api/v1/orders/{orderId}/tickets.pdf?link={link}",
            $"/api/v1/orders/{orderId}/event.ics?link={link}",
            expiresAt
        );
    }

    /// <summary>Whether the text is a link of ours to this order, and has not expired.</summary>
    public bool Opens(string link, Guid orderId)
    {
        if (link.Length > LongestText || !Base64Url.IsValid(link))
        {
            return false;
        }

        try
        {
            var bytes = protector.Unprotect(Base64Url.DecodeFromChars(link));
            return bytes.Length == Length
                && new Guid(bytes.AsSpan(0, IdLength), bigEndian: true) == orderId
                && BinaryPrimitives.ReadInt64BigEndian(bytes.AsSpan(IdLength)) > clock.GetUtcNow().ToUnixTimeSeconds();
        }
        catch (CryptographicException)
        {
            // Not ours, or the keys of that time are gone.
            return false;
        }
    }
}
