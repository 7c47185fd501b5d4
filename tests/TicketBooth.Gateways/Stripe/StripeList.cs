using System.Text.Json.Nodes;

namespace TicketBooth.Gateways.Stripe;

/// <summary>Lists, the newest first, by pages; and objects in the place of their ids.</summary>
internal static class StripeList
{
    private static readonly HashSet<(string Kind, string Field)> Expandable =
    [
        ("payment_intent", "latest_charge"), ("charge", "payment_intent"), ("charge", "balance_transaction"), ("refund", "charge"), ("refund", "payment_intent"),
        ("refund", "balance_transaction"), ("refund", "failure_balance_transaction"), ("balance_transaction", "source"), ("dispute", "charge"), ("dispute", "payment_intent"),
    ];

    public static Func<JsonObject> Read(
        StripeForm form, StripeLedger ledger, string noun, Func<IReadOnlyList<StoredObject>> all, (string Parameter, string Field)[] filters)
    {
        form.AllowOnly(["created", "ending_before", "expand", "limit", "starting_after", .. filters.Select(filter => filter.Parameter)]);
        var limit = form.Integer("limit") ?? 10;
        if (limit is < 1 or > 100)
        {
            throw StripeRefusal.Invalid("This value must be between 1 and 100.", "limit", "parameter_invalid_integer");
        }

        var (after, before, created) = (form.Text("starting_after"), form.Text("ending_before"), Created(form));
        if (after is not null && before is not null)
        {
            throw StripeRefusal.Invalid("You may only specify one of: starting_after, ending_before.", "starting_after");
        }

        var wanted = filters.Select(filter => (filter.Field, Value: form.Text(filter.Parameter))).Where(filter => filter.Value is not null).ToList();
        return () =>
        {
            var found = all().Reverse().ToList();
            var cursor = after ?? before;
            var place = cursor is null ? -1 : found.FindIndex(each => each.Id == cursor);
            if (cursor is not null && place < 0)
            {
                throw StripeRefusal.NotFound(noun, cursor, after is null ? "ending_before" : "starting_after");
            }

            IEnumerable<StoredObject> rest = before is null ? found.Skip(place + 1) : found.Take(place).Reverse();
            var matching = rest.Where(each => created(each.Created)).Select(each => StripeJson.Of(each, ledger))
                .Where(json => wanted.TrueForAll(filter => (string?)json[filter.Field] == filter.Value)).Take((int)limit + 1).ToList();
            var page = matching.Take((int)limit);
            return new JsonObject
            {
                ["object"] = "list",
                ["url"] = "/v1/" + noun,
                ["has_more"] = matching.Count > limit,
                ["data"] = new JsonArray([.. before is null ? page : page.Reverse()]),
            };
        };
    }

    /// <summary>Puts objects in the place of ids: <c>latest_charge.balance_transaction</c>, in lists <c>data.source</c>.</summary>
    public static void Expand(JsonObject json, IReadOnlyList<string> paths, StripeLedger ledger)
    {
        foreach (var path in paths)
        {
            Expand(json, path, path.Split('.'), ledger);
        }
    }

    private static void Expand(JsonObject json, string path, ReadOnlySpan<string> names, StripeLedger ledger)
    {
        if (names.Length == 0)
        {
            return;
        }

        if (names[0] == "data" && json["data"] is JsonArray page)
        {
            foreach (var item in page)
            {
                Expand(item!.AsObject(), path, names[1..], ledger);
            }

            return;
        }

        if (!Expandable.Contains(((string)json["object"]!, names[0])))
        {
            throw StripeRefusal.Invalid($"This property cannot be expanded ({path}).", "expand");
        }

        if (json[names[0]] is JsonValue id)
        {
            json[names[0]] = StripeJson.Of(Find((string)id!, ledger), ledger);
        }

        if (json[names[0]] is JsonObject inner)
        {
            Expand(inner, path, names[1..], ledger);
        }
    }

    private static StoredObject Find(string id, StripeLedger ledger) => id.Split('_')[0] switch
    {
        "pi" => ledger.Intent(id),
        "ch" or "py" => ledger.Charge(id),
        "re" => ledger.Refund(id),
        "du" => ledger.Dispute(id),
        _ => ledger.Movements.Single(each => each.Id == id),
    };

    private static Func<long, bool> Created(StripeForm form)
    {
        if (!form.Has("created"))
        {
            return _ => true;
        }

        if (form.IsText("created"))
        {
            var exact = form.Integer("created");
            return at => at == exact;
        }

        var range = form.Group("created")!;
        range.AllowOnly(["gt", "gte", "lt", "lte"]);
        var (above, from, below, to) = (range.Integer("gt"), range.Integer("gte"), range.Integer("lt"), range.Integer("lte"));
        return at => !(at <= above || at < from || at >= below || at > to);
    }
}
