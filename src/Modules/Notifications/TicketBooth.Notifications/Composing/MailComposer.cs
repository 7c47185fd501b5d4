using Microsoft.Extensions.Options;
using TicketBooth.BuildingBlocks.Web;
using TicketBooth.Notifications.Domain;
using TicketBooth.Notifications.Storage;

namespace TicketBooth.Notifications.Composing;

/// <summary>Says in words what happened, in the language of whom it is told to.</summary>
internal sealed class MailComposer(IOptions<HouseOptions> house, IOptions<LinkOptions> links, IOptions<NotificationsOptions> options)
{
    private readonly TimeZoneInfo zone = TimeZoneInfo.FindSystemTimeZoneById(options.Value.TimeZone);

    /// <summary>The finished parts.</summary>
    public ComposedMail Compose(MailFacts facts)
    {
        var words = new MailWords(facts.Language, zone);
        var content = ContentOf(facts, words);

        // Anybody types any name beside any address: until the address is proven, the house tells it nobody's words.
        var name = MailKinds.ProvesAddress(facts.Kind) ? null : facts.Name;
        var greeting = name is { Length: > 0 } ? words["common.greeting", name] : words["common.greeting-nobody"];
        var (of, logo) = (house.Value, LogoOf(house.Value));
        string[] footer = [of.Name, of.Email, .. of.Url is { } url ? [url] : Array.Empty<string>(), words["common.why", of.Name]];
        return new ComposedMail(
            content.Subject,
            MailParts.Text(content, greeting, footer),
            MailParts.Html(content, words.Language, of.Name, logo is not null, greeting, footer),
            logo
        );
    }

    private static string? LogoOf(HouseOptions house) => string.IsNullOrEmpty(house.Logo) ? null : house.Logo;

    private MailContent ContentOf(MailFacts facts, MailWords words) =>
        facts.Kind switch
        {
            MailKinds.ConfirmAddress => WithToken(facts, words, links.Value.ConfirmAddress),
            MailKinds.ConfirmNewAddress => WithToken(facts, words, links.Value.ConfirmAddress),
            MailKinds.AddressChanged => AddressChanged(facts, words),
            MailKinds.ResetPassword => WithToken(facts, words, links.Value.ResetPassword),
            MailKinds.GuestAccess => WithToken(facts, words, links.Value.GuestAccess),
            MailKinds.StaffInvitation => Invitation(facts, words),
            MailKinds.PasswordChanged => PasswordChanged(facts, words),
            MailKinds.NewDevice => NewDevice(facts, words),
            var kind when TransferLetters.Knows(kind) => new TransferLetters(words, links.Value, house.Value.Name).ContentOf(facts),
            _ => new OrderMails(words, links.Value).ContentOf(facts),
        };

    private MailContent WithToken(MailFacts facts, MailWords words, string? link)
    {
        var data = MailQueue.FromJson<TokenData>(facts.Data);
        var kind = facts.Kind;
        var url = link?.Replace("{token}", data.Token, StringComparison.Ordinal);
        return new(
            words[kind + ".subject"],
            [
                new Paragraph(words[kind + ".text", house.Value.Name]),
                .. url is { Length: > 0 } ? [new ActionLink(words[kind + ".action"], url)] : Array.Empty<MailBlock>(),
                new CodeBlock(words["code.token"], data.Token),
                new Paragraph(words["note.token", words.Moment(data.ExpiresAt)]),
                new Note(words[kind + ".note"]),
            ]
        );
    }

    private MailContent Invitation(MailFacts facts, MailWords words)
    {
        var data = MailQueue.FromJson<TokenData>(facts.Data);
        var path = "/backoffice/invitation?token=" + data.Token;
        return new(
            words["staff-invitation.subject", house.Value.Name],
            [
                new Paragraph(words["staff-invitation.text", house.Value.Name, words["role." + data.Role]]),
                house.Value.Url is { } url
                    ? new ActionLink(words["staff-invitation.action"], url.TrimEnd('/') + path)
                    : new CodeBlock(words["code.path"], path),
                new Note(words["staff-invitation.note", words.Moment(data.ExpiresAt)]),
            ]
        );
    }

    private MailContent PasswordChanged(MailFacts facts, MailWords words) =>
        new(
            words["password-changed.subject"],
            [
                new Paragraph(
                    words["password-changed.text", house.Value.Name, words.Moment(MailQueue.FromJson<MomentData>(facts.Data).At)]
                ),
                new Note(words["password-changed.note", house.Value.Email]),
            ]
        );

    private MailContent AddressChanged(MailFacts facts, MailWords words)
    {
        var data = MailQueue.FromJson<MomentData>(facts.Data);
        return new(
            words["address-changed.subject"],
            [
                new Paragraph(words["address-changed.text", house.Value.Name, data.Address ?? "", words.Moment(data.At)]),
                new Note(words["address-changed.note", house.Value.Email]),
            ]
        );
    }

    private MailContent NewDevice(MailFacts facts, MailWords words)
    {
        var data = MailQueue.FromJson<MomentData>(facts.Data);
        return new(
            words["new-device.subject"],
            [
                new Paragraph(words["new-device.text", house.Value.Name]),
                new FactList([
                    (words["fact.device"], data.Device ?? ""),
                    (words["fact.address"], data.Address ?? ""),
                    (words["fact.when"], words.Moment(data.At)),
                ]),
                new Note(words["new-device.note"]),
            ]
        );
    }
}

/// <summary>A mail in words, without sender and recipient.</summary>
/// <param name="Logo">The file that the HTML part shows; null for none.</param>
internal sealed record ComposedMail(string Subject, string Text, string Html, string? Logo);
