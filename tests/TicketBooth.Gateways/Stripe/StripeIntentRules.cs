namespace TicketBooth.Gateways.Stripe;

/// <summary>How a confirmation may go on.</summary>
internal sealed record StripeTerms(string? ReturnUrl, bool IsOffSession, bool RefusesAction, bool ForcesAction, bool UsesSdk, bool HasMandate)
{
    public void Apply(StoredIntent intent)
    {
        intent.ReturnUrl = ReturnUrl ?? intent.ReturnUrl;
        intent.UsesSdk = UsesSdk;
    }
}

/// <summary>The rules of a payment intent's parameters.</summary>
internal static class StripeIntentRules
{
    /// <summary>Since 2026-09-30.endive, docs.stripe.com/changelog/endive: it can be read, and no more be written.</summary>
    public static void RefuseMethodTypes(StripeForm form)
    {
        if (form.Has("payment_method_types"))
        {
            throw StripeRefusal.Invalid(
                "`payment_method_types` is no longer supported: use dynamic payment methods or `allowed_payment_method_types`.",
                "payment_method_types",
                "payment_method_types_no_longer_supported");
        }
    }

    /// <summary>Types that do not go with the currency are left out in silence, as Stripe does.</summary>
    public static IReadOnlyList<string> MethodTypes(StripeForm form, string currency, out bool isAutomatic, out bool allowsRedirects)
    {
        var allowed = form.Many("allowed_payment_method_types");
        var automatic = form.Group("automatic_payment_methods");
        if (allowed.Count > 0 && automatic is not null)
        {
            throw StripeRefusal.Invalid("You may only specify one of: allowed_payment_method_types, automatic_payment_methods.", "allowed_payment_method_types");
        }

        automatic?.AllowOnly(["allow_redirects", "enabled"]);
        if (automatic is not null && !automatic.Has("enabled"))
        {
            throw StripeRefusal.Missing("automatic_payment_methods[enabled]");
        }

        if (automatic is not null && !automatic.Flag("enabled"))
        {
            throw StripeRefusal.NotModelled("automatic_payment_methods[enabled]=false");
        }

        isAutomatic = allowed.Count == 0;
        allowsRedirects = automatic?.OneOf("allow_redirects", "always", "never") != "never";
        string[] compatible = currency == "usd" ? ["card", "us_bank_account"] : ["card"];
        var types = allowed.Count == 0 ? compatible : [.. compatible.Intersect(allowed, StringComparer.Ordinal)];
        return types.Length > 0
            ? types
            : throw StripeRefusal.Invalid("None of the allowed payment method types can be used for this payment.", "allowed_payment_method_types");
    }

    /// <summary>Together with the prefix at most 22 characters, at least one letter, and none of &lt; &gt; \ ' " *.</summary>
    public static string? StatementSuffix(StripeForm form, IReadOnlyList<string> types, string prefix)
    {
        if (form.Has("statement_descriptor") && types.Contains("card", StringComparer.Ordinal))
        {
            throw StripeRefusal.Invalid(
                "`statement_descriptor` cannot be used with cards: use `statement_descriptor_suffix`.", "statement_descriptor");
        }

        if (form.Text("statement_descriptor_suffix") is not { } suffix)
        {
            return null;
        }

        var whole = $"{prefix}* {suffix}";
        var isValid = whole.Length <= 22 && suffix.Any(char.IsAsciiLetter) && suffix.All(each => each is >= ' ' and <= '~' && !"<>\\'\"*".Contains(each, StringComparison.Ordinal));
        return isValid
            ? suffix
            : throw StripeRefusal.Invalid(
                "The statement descriptor suffix needs a letter, has none of < > \\ ' \" *, and at most 22 characters with the prefix.",
                "statement_descriptor_suffix");
    }

    public static StoredMethod? Method(StripeForm form, IReadOnlyList<string> types)
    {
        if (form.Text("payment_method") is not { } name)
        {
            return null;
        }

        var method = StripeTestMethod.Find(name) ?? throw StripeRefusal.NotFound("PaymentMethod", name, "payment_method");
        return types.Contains(method.Type, StringComparer.Ordinal)
            ? new StoredMethod(StripeLedger.NewId("pm_"), method)
            : throw StripeRefusal.Invalid(
                $"The payment method type {method.Type} is not allowed for this PaymentIntent.", "payment_method", "payment_intent_incompatible_payment_method");
    }

    public static StripeTerms Terms(StripeForm form, bool confirms, bool isLive)
    {
        foreach (var name in new[] { "return_url", "off_session", "error_on_requires_action", "mandate_data" })
        {
            if (!confirms && form.Has(name))
            {
                throw StripeRefusal.Invalid($"The parameter {name} can only be passed in when confirm=true.", name);
            }
        }

        var back = form.Text("return_url");
        if (back is not null && (!Uri.TryCreate(back, UriKind.Absolute, out var url) || (url.Scheme != Uri.UriSchemeHttps && (isLive || url.Scheme != Uri.UriSchemeHttp))))
        {
            throw StripeRefusal.Invalid(isLive ? "Livemode requests must always be redirected via HTTPS." : "Not a valid URL", "return_url", "url_invalid");
        }

        var card = form.Group("payment_method_options") is { } options ? CardOptions(options) : null;
        return new StripeTerms(
            back, form.Flag("off_session"), form.Flag("error_on_requires_action"), card is "any" or "challenge", form.Flag("use_stripe_sdk"), form.Group("mandate_data") is not null);
    }

    public static void RequireConfirmable(StoredMethod? method, StripeTerms terms, bool needsReturnUrl)
    {
        if (method is null)
        {
            throw StripeRefusal.Invalid("You cannot confirm this PaymentIntent because it's missing a payment method.", code: "payment_intent_unexpected_state");
        }

        if (needsReturnUrl && terms.ReturnUrl is null)
        {
            throw StripeRefusal.Invalid(
                "Payment methods that may redirect need a `return_url`, or automatic_payment_methods[allow_redirects]=never.", "return_url");
        }

        if (!method.Method.IsCard && !terms.HasMandate)
        {
            throw StripeRefusal.Missing("mandate_data");
        }
    }

    private static string? CardOptions(StripeForm options)
    {
        options.AllowOnly(["card"]);
        var card = options.Group("card");
        card?.AllowOnly(["request_three_d_secure"]);
        return card?.OneOf("request_three_d_secure", "any", "automatic", "challenge");
    }
}
