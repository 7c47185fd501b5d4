using System.Security.Cryptography;
using System.Text;

namespace TicketBooth.Payments.Domain;

/// <summary>
/// Tells whether a request to pay by card brings the token that its running payment was made with, without keeping the token. The mark of a
/// token is another one in every payment, and nobody gets the token out of it.
/// </summary>
internal static class TokenMarks
{
    private const int Length = 9;

    public static string? Of(Guid paymentId, string? token) =>
        token is null ? null : Convert.ToBase64String(SHA256.HashData(Encoding.UTF8.GetBytes($"{paymentId:N}/{token}")).AsSpan(0, Length));

    /// <summary>False also when it is not known what the payment was made with.</summary>
    public static bool IsOther(Payment payment, string? token) =>
        payment.Money.TokenMark is { } mark && mark != Of(payment.Id, token);
}
