using System.Text;
using TicketBooth.Payments.Webhooks;

namespace TicketBooth.Payments.Tests.Webhooks;

[TestFixture]
public sealed class WebhookSignaturesTests
{
    private const string Secret = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";
    private const string Other = "whsec_plJ3nmyCDGBKInavdOK15jsl";

    // The published vectors: the standard libraries' own, and the documentation's worked example.
    [TestCase(Secret, "msg_p5jXN8AQM9LWM0D4loKWxJek", "1614265330", """{"test": 2432232314}""", "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=")]
    [TestCase(Other, "msg_loFOjxBNrRLzqYUf", "1731705121", """{"event_type":"ping","data":{"success":true}}""", "v1,rAvfW3dJ/X/qxhsaXPOyyCGmRKsaKWcsNccKXlIktD0=")]
    public void Signs_as_the_specification_does(string secret, string id, string timestamp, string body, string signature)
    {
        var signatures = WebhookSignatures.Of(secret);
        var bytes = Encoding.UTF8.GetBytes(body);

        using (Assert.EnterMultipleScope())
        {
            Assert.That(signatures.Sign(id, timestamp, bytes), Is.EqualTo(signature));
            Assert.That(signatures.Verify(id, timestamp, bytes, signature), Is.True);
            Assert.That(signatures.Verify(id, timestamp, bytes, $"v1a,AAAA v1,{new string('A', 43)}= {signature} v2,nonsense"), Is.True);
        }
    }

    [TestCase("")]
    [TestCase("v1,")]
    [TestCase("v1")]
    [TestCase("v1,not base64!")]
    [TestCase("v1,AAAA")]
    [TestCase("g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=")]
    [TestCase("v2,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=")]
    public void Refuses_what_is_no_signature(string signature) => Assert.That(
        WebhookSignatures.Of(Secret).Verify("msg_p5jXN8AQM9LWM0D4loKWxJek", "1614265330", """{"test": 2432232314}"""u8, signature), Is.False);

    [Test]
    public void Takes_any_of_several_secrets_and_signs_with_the_first()
    {
        var old = WebhookSignatures.Of(Other).Sign("msg_1", "1", "{}"u8);
        var both = WebhookSignatures.Of($"{Secret} {Other}");

        using (Assert.EnterMultipleScope())
        {
            Assert.That(both.Verify("msg_1", "1", "{}"u8, old), Is.True);
            Assert.That(both.Sign("msg_1", "1", "{}"u8), Is.EqualTo(WebhookSignatures.Of(Secret).Sign("msg_1", "1", "{}"u8)));
            Assert.That(WebhookSignatures.Of(Secret).Verify("msg_1", "1", "{}"u8, old), Is.False);
        }
    }

    [FsCheck.NUnit.Property]
    public bool Any_change_breaks_the_signature(byte[] body, byte change, uint place)
    {
        var signatures = WebhookSignatures.Of(Secret);
        byte[] sent = [1, .. body];
        var signature = signatures.Sign("msg_1", "1", sent);
        var received = sent.ToArray();
        received[place % (uint)received.Length] ^= (byte)Math.Max((byte)1, change);
        return signatures.Verify("msg_1", "1", sent, signature)
            && !signatures.Verify("msg_1", "1", received, signature)
            && !signatures.Verify("msg_2", "1", sent, signature)
            && !signatures.Verify("msg_1", "2", sent, signature);
    }
}
