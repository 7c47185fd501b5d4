namespace TicketBooth.Notifications.Domain;

/// <summary>The kinds of mails. Stored, so none is ever renamed.</summary>
internal static class MailKinds
{
    public const string ConfirmAddress = "confirm-address";
    public const string ConfirmNewAddress = "confirm-new-address";
    public const string AddressChanged = "address-changed";
    public const string GuestAccess = "guest-access";
    public const string ResetPassword = "reset-password";
    public const string PasswordChanged = "password-changed";
    public const string NewDevice = "new-device";
    public const string StaffInvitation = "staff-invitation";
    public const string OrderPlaced = "order-placed";
    public const string OrderPaid = "order-paid";
    public const string PaymentDeclined = "payment-declined";
    public const string HoldEnding = "hold-ending";
    public const string OrderCanceled = "order-canceled";
    public const string OrderRefunded = "order-refunded";
    public const string EventChanged = "event-changed";
    public const string EventPostponed = "event-postponed";
    public const string EventCanceled = "event-canceled";
    public const string TransferOffered = "transfer-offered";
    public const string TransferAccepted = "transfer-accepted";
    public const string TransferDeclined = "transfer-declined";
    public const string TransferWithdrawn = "transfer-withdrawn";

    /// <summary>In the order of a purchase.</summary>
    public static readonly IReadOnlyList<string> All =
    [
        ConfirmAddress,
        GuestAccess,
        OrderPlaced,
        PaymentDeclined,
        HoldEnding,
        OrderPaid,
        OrderCanceled,
        OrderRefunded,
        EventChanged,
        EventPostponed,
        EventCanceled,
        TransferOffered,
        TransferAccepted,
        TransferDeclined,
        TransferWithdrawn,
        ConfirmNewAddress,
        AddressChanged,
        ResetPassword,
        PasswordChanged,
        NewDevice,
        StaffInvitation,
    ];

    /// <summary>Whether a mail of this kind goes to an address that nobody has proven to be theirs yet.</summary>
    public static bool ProvesAddress(string kind) => kind is ConfirmAddress or ConfirmNewAddress or GuestAccess;

    /// <summary>Whether a mail of this kind holds a token: its data are removed when it is done, and it is not sent again.</summary>
    public static bool HoldsSecret(string kind) =>
        kind is ConfirmAddress or ConfirmNewAddress or GuestAccess or ResetPassword or StaffInvitation;
}
