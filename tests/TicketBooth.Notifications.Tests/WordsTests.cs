using System.Globalization;
using System.Resources;
using System.Text.RegularExpressions;
using Microsoft.Extensions.Options;
using TicketBooth.BuildingBlocks.Web;
using TicketBooth.Notifications.Composing;
using TicketBooth.Notifications.Domain;
using LinkOptions = TicketBooth.Notifications.Composing.LinkOptions;

namespace TicketBooth.Notifications.Tests;

/// <summary>Every mail in both languages.</summary>
internal sealed partial class WordsTests
{
    private static readonly string[] Languages = ["en", "pt-BR"];

    private static readonly MailComposer Composer = new(
        Options.Create(new HouseOptions { Name = "Cassino Central", Email = "bilheteria@cassino.example", Url = "https://cassino.example" }),
        Options.Create(new LinkOptions { ConfirmAddress = "https://cassino.example/c/{token}", ResetPassword = "https://cassino.example/r/{token}", Order = "https://cassino.example/o/{orderId}" }),
        Options.Create(new NotificationsOptions()));

    private static IEnumerable<TestCaseData> All => MailKinds.All.SelectMany(kind => Languages.Select(language => new TestCaseData(kind, language)));

    /// <summary>Approved: who changes a subject or a line that matters changes it here too.</summary>
    private static IEnumerable<TestCaseData> Approved =>
    [
        Line(MailKinds.ConfirmAddress, "Confirm your e-mail address", "Confirme seu endereço de e-mail", "kR3v"),
        Line(MailKinds.GuestAccess, "Continue as a guest", "Continue como visitante", "kR3v"),
        Line(MailKinds.ConfirmNewAddress, "Confirm your new e-mail address", "Confirme seu novo endereço de e-mail", "kR3v"),
        Line(MailKinds.AddressChanged, "Your e-mail address was changed", "Seu endereço de e-mail foi alterado", "ana.souza@example.com"),
        Line(MailKinds.ResetPassword, "Choose a new password", "Escolha uma nova senha", "kR3v"),
        Line(MailKinds.PasswordChanged, "Your password was changed", "Sua senha foi alterada", "bilheteria@cassino.example"),
        Line(MailKinds.NewDevice, "A sign-in from a new device", "Um acesso de um novo dispositivo", "192.0.2.7"),
        Line(MailKinds.StaffInvitation, "You are invited to the staff of Cassino Central", "Você foi convidado para a equipe de Cassino Central", "https://cassino.example/backoffice/invitation?token=CfDJ8"),
        Line(MailKinds.OrderPlaced, "please pay until", "pague até", "00020126580014br.gov.bcb.pix"),
        Line(MailKinds.OrderPaid, "Your tickets for Noite de Samba", "Seus ingressos para Noite de Samba", "Plateia"),
        Line(MailKinds.PaymentDeclined, "was declined", "foi recusado", "https://cassino.example/o/0199e2ee-3c10-8001-9f21-7b8c9d0e1f2a"),
        Line(MailKinds.HoldEnding, "are held until", "estão reservados até", "41, 42"),
        Line(MailKinds.OrderCanceled, "is canceled", "foi cancelado", "Teatro do Cassino"),
        Line(MailKinds.OrderRefunded, "Refund of your order", "Reembolso do seu pedido", "240"),
        Line(MailKinds.EventChanged, "Noite de Samba: please note a change", "Noite de Samba: atenção para uma mudança", "Sala Azul"),
        Line(MailKinds.EventPostponed, "Noite de Samba has a new date", "Noite de Samba tem uma nova data", "2026"),
        Line(MailKinds.EventCanceled, "Noite de Samba is canceled", "Noite de Samba foi cancelado", "240"),
        Line(MailKinds.TransferOffered, "A ticket for Noite de Samba is offered to you", "Um ingresso para Noite de Samba foi oferecido a você", "0199e310-5d3a-7c11-9b42-6f1d2a9c0005"),
        Line(MailKinds.TransferAccepted, "Your ticket for Noite de Samba was accepted", "Seu ingresso para Noite de Samba foi aceito", "caio@example.com"),
        Line(MailKinds.TransferDeclined, "Your ticket for Noite de Samba was declined", "Seu ingresso para Noite de Samba foi recusado", "caio@example.com"),
        Line(MailKinds.TransferWithdrawn, "You took back your ticket for Noite de Samba", "Você retirou a oferta do seu ingresso para Noite de Samba", "caio@example.com"),
    ];

    [Test]
    public void Both_languages_have_every_text_with_the_same_holes()
    {
        var resources = new ResourceManager(typeof(MailWords));
        var english = TextsOf(resources, CultureInfo.InvariantCulture);
        var portuguese = TextsOf(resources, CultureInfo.GetCultureInfo("pt-BR"));

        Assert.That(portuguese.Keys, Is.EquivalentTo(english.Keys));
        Assert.That(english.Where(text => Holes(text.Value) != Holes(portuguese[text.Key])).Select(text => text.Key), Is.Empty);
    }

    [TestCaseSource(nameof(All))]
    public void A_mail_has_both_parts_and_no_hole_is_left(string kind, string language)
    {
        var mail = Composer.Compose(MailSamples.Of(kind, language));

        Assert.Multiple(() =>
        {
            foreach (var text in new[] { mail.Subject, mail.Text, mail.Html })
            {
                Assert.That(text, Does.Not.Match(@"\{\w*\}"));
                Assert.That(text, Is.Not.Empty);
            }

            Assert.That(mail.Subject, Does.Not.Contain("\n"));
            Assert.That(mail.Text, Does.Contain("Cassino Central"));
            Assert.That(mail.Html, Does.Contain($"<html lang=\"{language}\">"));

            // To an address that nobody has proven yet anybody may have typed any name.
            Assert.That(mail.Text.Contains("Ana Souza", StringComparison.Ordinal), Is.EqualTo(!MailKinds.ProvesAddress(kind)));
            Assert.That(mail.Html.Contains("Ana Souza", StringComparison.Ordinal), Is.EqualTo(!MailKinds.ProvesAddress(kind)));
            Assert.That(Loaded().Matches(mail.Html).Select(match => match.Value), Is.Empty, "nothing is loaded, so nobody learns who reads it");
        });
    }

    [TestCaseSource(nameof(Approved))]
    public void A_mail_says_what_was_approved(string kind, string english, string portuguese, string line)
    {
        var (one, other) = (Composer.Compose(MailSamples.Of(kind, "en")), Composer.Compose(MailSamples.Of(kind, "pt-BR")));

        Assert.Multiple(() =>
        {
            Assert.That(one.Subject, Does.Contain(english));
            Assert.That(other.Subject, Does.Contain(portuguese));
            Assert.That(one.Text, Does.Contain(line));
            Assert.That(other.Text, Does.Contain(line));
        });
    }

    [Test]
    public void There_is_an_approved_mail_of_every_kind() => Assert.That(Approved.Select(line => line.Arguments[0]), Is.EquivalentTo(MailKinds.All));

    [Test]
    public void Money_and_times_are_those_of_the_language()
    {
        var (english, portuguese) = (Composer.Compose(MailSamples.Of(MailKinds.OrderPaid, "en")), Composer.Compose(MailSamples.Of(MailKinds.OrderPaid, "pt-BR")));

        Assert.That(english.Text, Does.Contain("R$240.00").And.Contain("December 19, 2026"));
        Assert.That(portuguese.Text, Does.Match(@"R\$\s?240,00").And.Contain("19 de dezembro de 2026 21:00"));
    }

    [Test]
    public void What_people_typed_is_text_in_the_HTML()
    {
        var facts = MailSamples.Of(MailKinds.OrderPaid, "en") with { Name = "<script>alert(1)</script>" };

        Assert.That(Composer.Compose(facts).Html, Does.Not.Contain("<script").And.Contain("&lt;script&gt;"));
    }

    [Test]
    public void Without_pages_of_the_house_a_mail_has_the_code_alone()
    {
        var bare = new MailComposer(Options.Create(new HouseOptions()), Options.Create(new LinkOptions()), Options.Create(new NotificationsOptions()));

        var mail = bare.Compose(MailSamples.Of(MailKinds.ResetPassword, "en"));

        Assert.That(mail.Html, Does.Contain("kR3v").And.Not.Contain("href"));
    }

    private static TestCaseData Line(string kind, string english, string portuguese, string line) => new TestCaseData(kind, english, portuguese, line).SetName("A_mail_says_what_was_approved: " + kind);

    private static Dictionary<string, string> TextsOf(ResourceManager resources, CultureInfo culture) =>
        resources.GetResourceSet(culture, createIfNotExists: true, tryParents: false)!
            .Cast<System.Collections.DictionaryEntry>()
            .ToDictionary(entry => (string)entry.Key, entry => (string)entry.Value!, StringComparer.Ordinal);

    private static string Holes(string text) => string.Concat(Hole().Matches(text).Select(match => match.Value).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal));

    [GeneratedRegex(@"\{\d\}", RegexOptions.None, matchTimeoutMilliseconds: 10_000)]
    private static partial Regex Hole();

    [GeneratedRegex(@"(src|background)=""?http[^""]*|url\([^)]*\)|<link|<script|<img[^>]*src=""(?!cid:)[^""]*""", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 10_000)]
    private static partial Regex Loaded();
}
