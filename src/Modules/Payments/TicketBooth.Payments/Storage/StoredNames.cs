using TicketBooth.BuildingBlocks.Kernel;
using TicketBooth.Payments.Contracts;
using TicketBooth.Payments.Domain;

namespace TicketBooth.Payments.Storage;

/// <summary>How every store writes a payment's status and method: in words that a person can read there.</summary>
internal static class StoredNames
{
    public static string TextOf(PaymentStatus status) =>
        status switch
        {
            PaymentStatus.AwaitingConfirmation => "awaiting_confirmation",
            PaymentStatus.Paid => "paid",
            PaymentStatus.Declined => "declined",
            PaymentStatus.Refunded => "refunded",
            PaymentStatus.RefundFailed => "refund_failed",
            _ => throw new ArgumentOutOfRangeException(nameof(status), status, "Not a status."),
        };

    public static PaymentStatus StatusOf(string text) =>
        text switch
        {
            "awaiting_confirmation" => PaymentStatus.AwaitingConfirmation,
            "paid" => PaymentStatus.Paid,
            "declined" => PaymentStatus.Declined,
            "refunded" => PaymentStatus.Refunded,
            "refund_failed" => PaymentStatus.RefundFailed,
            _ => throw new StorageException($"payments: '{text}' is not the status of a payment."),
        };

    public static string TextOf(PaymentMethod method) => method == PaymentMethod.Pix ? "pix" : "card";

    public static PaymentMethod MethodOf(string text) => text == "pix" ? PaymentMethod.Pix : PaymentMethod.Card;

    /// <summary>Nothing for the gateway of old payments, which had no other.</summary>
    public static string? TextOfGateway(string gateway) => gateway == Payment.Sandbox ? null : gateway;

    public static string GatewayOf(string? text) => text ?? Payment.Sandbox;
}
