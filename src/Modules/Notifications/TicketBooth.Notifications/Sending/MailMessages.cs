using System.Security.Cryptography;
using System.Text;
using Microsoft.Extensions.Options;
using MimeKit;
using TicketBooth.BuildingBlocks.Web;
using TicketBooth.Notifications.Composing;
using TicketBooth.Notifications.Storage;

namespace TicketBooth.Notifications.Sending;

/// <summary>Puts a mail together as it goes over the wire.</summary>
internal sealed class MailMessages(IOptions<HouseOptions> house, TimeProvider clock)
{
    /// <param name="mail">The mail of the queue.</param>
    /// <param name="composed">Its words.</param>
    /// <param name="recipient">Whom it goes to.</param>
    /// <param name="attachments">What goes along.</param>
    public MimeMessage Build(MailRow mail, ComposedMail composed, MailboxAddress recipient, IReadOnlyList<TicketAttachment> attachments)
    {
        var of = house.Value;
        var body = new BodyBuilder { TextBody = composed.Text, HtmlBody = composed.Html };
        if (composed.Logo is { } logo)
        {
            body.LinkedResources.Add(logo).ContentId = MailParts.Logo;
        }

        foreach (var attachment in attachments)
        {
            body.Attachments.Add(attachment.FileName, attachment.Content, ContentType.Parse(attachment.MediaType));
        }

        var message = new MimeMessage
        {
            Subject = composed.Subject,
            Date = clock.GetUtcNow(),
            MessageId = IdOf(mail.UniqueKey, of.Email),
            Body = body.ToMessageBody(),
        };
        message.From.Add(new MailboxAddress(of.Name, of.Email));
        message.To.Add(recipient);

        // So that absence notes are not sent back (RFC 3834).
        message.Headers.Add("Auto-Submitted", "auto-generated");
        return message;
    }

    /// <summary>Null for an address that no mail goes to, as a message of an older release may have.</summary>
    public static MailboxAddress? ReceiverOf(string? name, string address)
    {
        try
        {
            return new MailboxAddress(name ?? "", address);
        }
        catch (ParseException)
        {
            return null;
        }
    }

    /// <summary>The same for the same cause: who gets a mail twice can see that it is one.</summary>
    private static string IdOf(string uniqueKey, string sender) =>
        Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(uniqueKey)).AsSpan(0, 16)) + "@" + sender.Split('@')[^1];
}
