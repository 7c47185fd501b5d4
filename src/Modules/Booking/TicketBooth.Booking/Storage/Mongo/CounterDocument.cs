using MongoDB.Bson;
using MongoDB.Driver;
using TicketBooth.Booking.Domain;

namespace TicketBooth.Booking.Storage.Mongo;

/// <summary>The sale at the counter in an order's document.</summary>
internal static class CounterDocument
{
    /// <summary>The sale as JSON; absent for an order of a buyer.</summary>
    public const string Field = "counter";

    /// <summary>The address that the buyer gave, in small letters, to find the sale by; absent without one.</summary>
    public const string Email = "counter_email";

    public static void AddTo(BsonDocument document, CounterSale? sale)
    {
        if (sale is null)
        {
            return;
        }

        document.Add(Field, CounterJson.Write(sale));
        if (sale.Email is { } email)
        {
            document.Add(Email, KeyOf(email));
        }
    }

    public static UpdateDefinition<BsonDocument> Change(UpdateDefinition<BsonDocument> update, CounterSale? before, CounterSale? after)
    {
        if (ReferenceEquals(before, after))
        {
            return update;
        }

        update = update.Set(Field, CounterJson.Write(after));
        return before?.Email == after?.Email ? update
            : after?.Email is { } email ? update.Set(Email, KeyOf(email))
            : update.Unset(Email);
    }

    public static CounterSale? Read(BsonDocument document) =>
        document.TryGetValue(Field, out var sale) ? CounterJson.ReadSale(sale.AsString) : null;

    /// <summary>Addresses are compared without regard to case.</summary>
    public static string KeyOf(string email) => email.ToLowerInvariant();
}
