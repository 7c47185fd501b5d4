using TicketBooth.Events.Contracts;
using TicketBooth.Notifications.Domain;
using TicketBooth.Notifications.Storage;

namespace TicketBooth.Notifications.Composing;

/// <summary>Invented facts for previews.</summary>
internal static class MailSamples
{
    private static readonly DateTimeOffset Now = new(2026, 12, 4, 21, 30, 0, TimeSpan.Zero);
    private static readonly Guid Tier = new("0199e2f0-1b7e-7d20-8a61-3f5c9e210001");
    private static readonly DateTimeOffset Starts = new(2026, 12, 20, 0, 0, 0, TimeSpan.Zero);

    public static MailFacts Of(string kind, string language) =>
        new(kind, language, "Ana Souza", DataOf(kind))
        {
            Order = Order(kind),
            Event = Event(),
            OwnerName = "Bia Lima",
            PixCode =
                "00020126580014br.gov.bcb.pix0136123e4567-e12b-12d1-a456-4266554400005204000053039865802BR5913TICKETBOOTH6009SAO PAULO",
            Tickets = [new TicketAttachment("tickets.pdf", "application/pdf", [])],
        };

    private static string? DataOf(string kind) =>
        kind switch
        {
            MailKinds.ConfirmAddress or MailKinds.ConfirmNewAddress or MailKinds.ResetPassword => MailQueue.ToJson(
                new TokenData("kR3vExampleExampleExampleExampleExampleExam", Now.AddHours(1))
            ),
            MailKinds.StaffInvitation => MailQueue.ToJson(new TokenData("CfDJ8ExampleExampleExample", Now.AddDays(7), "clerk")),
            MailKinds.PasswordChanged => MailQueue.ToJson(new MomentData(Now)),
            MailKinds.AddressChanged => MailQueue.ToJson(new MomentData(Now, Address: "ana.souza@example.com")),
            MailKinds.NewDevice => MailQueue.ToJson(new MomentData(Now, "Mozilla/5.0 (X11; Linux x86_64) Firefox/144.0", "192.0.2.7")),
            MailKinds.OrderRefunded => MailQueue.ToJson(new RefundData(24_000, EndsOrder: true)),
            MailKinds.EventChanged => MailQueue.ToJson(
                new ChangeData("Noite de Samba", "Sala Azul", Starts, "Noite de Samba", "Teatro do Cassino", Starts)
            ),
            MailKinds.EventPostponed => MailQueue.ToJson(
                new ChangeData("Noite de Samba", "Teatro do Cassino", Starts.AddDays(-7), "Noite de Samba", "Teatro do Cassino", Starts)
            ),
            _ when TransferLetters.Knows(kind) => MailQueue.ToJson(
                new TransferData(new Guid("0199e310-5d3a-7c11-9b42-6f1d2a9c0005"), Guid.Empty, "caio@example.com", Tier, 41)
            ),
            _ => null,
        };

    private static OrderRow Order(string kind) =>
        new()
        {
            Id = new Guid("0199e2ee-3c10-8001-9f21-7b8c9d0e1f2a"),
            EventId = new Guid("0199e2f0-1b7e-7d20-8a61-3f5c9e210000"),
            Tickets = MailQueue.ToJson(new[] { new TicketGroup(Tier, 12_000, [41, 42]) }),
            Total = 24_000,
            Currency = "BRL",
            PlacedAt = Now,
            ExpiresAt = Now.AddMinutes(10),
            PaidAt = kind is MailKinds.OrderPlaced or MailKinds.HoldEnding ? null : Now,
        };

    private static EventFacts Event() =>
        new(
            new Guid("0199e2f0-1b7e-7d20-8a61-3f5c9e210000"),
            1,
            IsPublished: true,
            IsCanceled: false,
            "Noite de Samba",
            "Teatro do Cassino",
            Starts,
            PublishedAt: null,
            Starts,
            "BRL",
            200,
            [new TierFacts(Tier, "Plateia", 12_000, 200)]
        );
}
