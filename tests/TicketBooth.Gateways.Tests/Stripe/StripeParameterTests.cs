using System.Net;
using Stripe;

namespace TicketBooth.Gateways.Tests.Stripe;

public class StripeParameterTests : StripeStandInFixture
{
    private const string Good = "amount=5000&currency=brl&allowed_payment_method_types[0]=card";

    [TestCase("currency=brl", "parameter_missing", "amount")]
    [TestCase("amount=5000", "parameter_missing", "currency")]
    [TestCase("amount=&currency=brl", "parameter_invalid_empty", "amount")]
    [TestCase("amount=10.5&currency=brl", "parameter_invalid_integer", "amount")]
    [TestCase("amount=-5&currency=brl", "parameter_invalid_integer", "amount")]
    [TestCase("amount=49&currency=brl", "amount_too_small", "amount")]
    [TestCase("amount=49&currency=jpy", "amount_too_small", "amount")]
    [TestCase("amount=100000000&currency=brl", "amount_too_large", "amount")]
    [TestCase("amount=1001&currency=kwd", "parameter_invalid_integer", "amount")]
    [TestCase("amount=150&currency=isk", "parameter_invalid_integer", "amount")]
    [TestCase("amount=5000&currency=BRL", null, "currency")]
    [TestCase("amount=5000&currency=xyz", null, "currency")]
    [TestCase(Good + "&colour=red", "parameter_unknown", "colour")]
    [TestCase("amount=5000&currency=brl&automatic_payment_methods[enabled]=true&automatic_payment_methods[x]=1", "parameter_unknown", "automatic_payment_methods[x]")]
    [TestCase(Good + "&automatic_payment_methods[enabled]=true", null, "allowed_payment_method_types")]
    [TestCase("amount=5000&currency=brl&payment_method_types[0]=card", "payment_method_types_no_longer_supported", "payment_method_types")]
    [TestCase(Good + "&confirm=yes", null, "confirm")]
    [TestCase(Good + "&capture_method=later", null, "capture_method")]
    [TestCase(Good + "&return_url=https://shop.example", null, "return_url")]
    [TestCase(Good + "&off_session=true", null, "off_session")]
    [TestCase(Good + "&confirm=true&payment_method=pm_card_visa&return_url=back", "url_invalid", "return_url")]
    [TestCase("amount=5000&currency=brl&confirm=true&payment_method=pm_card_visa", null, "return_url")]
    [TestCase(Good + "&confirm=true", "payment_intent_unexpected_state", null)]
    [TestCase(Good + "&payment_method=pm_usBankAccount_success", "payment_intent_incompatible_payment_method", "payment_method")]
    [TestCase(Good + "&statement_descriptor=CASINO", null, "statement_descriptor")]
    [TestCase(Good + "&statement_descriptor_suffix=12345", null, "statement_descriptor_suffix")]
    [TestCase(Good + "&statement_descriptor_suffix=A*B", null, "statement_descriptor_suffix")]
    [TestCase(Good + "&statement_descriptor_suffix=FIFTEEN-LETTERS", null, "statement_descriptor_suffix")]
    public async Task A_parameter_that_breaks_a_rule_is_named(string form, string? code, string? param)
    {
        var (status, body) = await PostAsync("/v1/payment_intents", form);

        var error = body.GetProperty("error");
        string? Of(string name) => error.TryGetProperty(name, out var value) ? value.GetString() : null;
        Assert.That((status, Of("type"), Of("code"), Of("param")), Is.EqualTo((HttpStatusCode.BadRequest, "invalid_request_error", code, param)));
        Assert.That(Of("message"), Is.Not.Empty);
        Assert.That(StandIn.Console.Payments, Is.Empty);
    }

    [TestCase("amount=50&currency=jpy")]
    [TestCase("amount=1000&currency=kwd")]
    [TestCase(Good + "&statement_descriptor_suffix=ROW A 12")]
    [TestCase("amount=5000&currency=brl&automatic_payment_methods[enabled]=true&automatic_payment_methods[allow_redirects]=never&confirm=true&payment_method=pm_card_visa")]
    public async Task What_keeps_the_rules_is_taken(string form) =>
        Assert.That((await PostAsync("/v1/payment_intents", form)).Status, Is.EqualTo(HttpStatusCode.OK));

    [TestCase(51, 1, 1)]
    [TestCase(1, 41, 1)]
    [TestCase(1, 1, 501)]
    public void Metadata_has_limits(int keys, int keyLength, int valueLength)
    {
        var options = Card();
        options.Metadata = Enumerable.Range(0, keys).ToDictionary(key => $"{key}".PadLeft(keyLength, 'k'), _ => new string('v', valueLength), StringComparer.Ordinal);

        Assert.That(Refused(() => Client.V1.PaymentIntents.CreateAsync(options)).Param, Does.StartWith("metadata"));
    }

    [Test]
    public async Task Metadata_within_its_limits_comes_back()
    {
        var options = Card();
        options.Metadata = Enumerable.Range(0, 50).ToDictionary(key => $"{key}".PadLeft(40, 'k'), _ => new string('v', 500), StringComparer.Ordinal);

        Assert.That((await Client.V1.PaymentIntents.CreateAsync(options)).Metadata, Is.EqualTo(options.Metadata));
    }

    [Test]
    public async Task What_the_stand_in_has_no_rules_for_is_said_to_be_so()
    {
        var (status, body) = await PostAsync("/v1/payment_intents", Good + "&customer=cus_1");

        Assert.That((status, body.GetProperty("error").GetProperty("code").GetString()), Is.EqualTo((HttpStatusCode.NotImplemented, "standin_not_modelled")));
    }

    [Test]
    public void A_wrong_key_is_401()
    {
        var exception = Assert.ThrowsAsync<StripeException>(() => ClientOf("sk_test_wrong").V1.Balance.GetAsync())!;

        Assert.That((exception.HttpStatusCode, exception.StripeError.Message), Is.EqualTo((HttpStatusCode.Unauthorized, "Invalid API Key provided: ****rong")));
    }

    [Test]
    public async Task A_request_needs_a_key_the_pinned_version_and_a_form()
    {
        Http.DefaultRequestHeaders.Authorization = null;
        Assert.That((await PostAsync("/v1/refunds", "")).Status, Is.EqualTo(HttpStatusCode.Unauthorized));

        Http.DefaultRequestHeaders.Authorization = new("Bearer", StandIn.Options.ApiKey);
        using var json = await Http.PostAsync(new Uri("/v1/refunds", UriKind.Relative), new StringContent("{}", System.Text.Encoding.UTF8, "application/json"));
        Assert.That(json.StatusCode, Is.EqualTo(HttpStatusCode.BadRequest));

        Http.DefaultRequestHeaders.Remove("Stripe-Version");
        Assert.That((await PostAsync("/v1/refunds", "")).Body.GetProperty("error").GetProperty("message").GetString(), Does.Contain("version"));
    }

    [Test]
    public async Task An_address_that_Stripe_does_not_have_is_404() => Assert.That((await PostAsync("/v1/payment_intent", "")).Status, Is.EqualTo(HttpStatusCode.NotFound));

    [Test]
    public async Task A_harmless_call_tells_whether_the_key_is_right()
    {
        Assert.That((await Client.V1.Accounts.GetSelfAsync()).Id, Is.EqualTo(StandIn.Options.AccountId));
        await PayAsync();
        Assert.That((await Client.V1.Balance.GetAsync()).Available.Single().Amount, Is.EqualTo(5000 - 145));
    }

    [Test]
    public void The_version_is_the_one_that_the_library_pins() => Assert.That(StripeConfiguration.ApiVersion, Is.EqualTo(StandIn.Options.ApiVersion));
}
