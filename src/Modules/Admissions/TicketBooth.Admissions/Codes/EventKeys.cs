using System.Collections.Concurrent;
using System.Security.Cryptography;
using Microsoft.AspNetCore.DataProtection;
using TicketBooth.Admissions.Domain;
using TicketBooth.Admissions.Doors;
using TicketBooth.Admissions.Storage;
using TicketBooth.BuildingBlocks.Kernel;

namespace TicketBooth.Admissions.Codes;

/// <summary>
/// The keys that sign the codes of an event. Each event has its own, so that a scanner needs to know no other. The private half is stored
/// protected by data protection's keys, which the module Accounts keeps: a copy of the database alone signs no ticket.
/// </summary>
internal sealed class EventKeys(IDoorStore store, KnownEvents events, IDataProtectionProvider protection)
{
    private readonly IDataProtector protector = protection.CreateProtector("TicketBooth.Admissions.EventKeys");

    // An instance is used by one thread at a time; the framework promises no more.
    private readonly ConcurrentDictionary<Guid, ConcurrentBag<ECDsa>> publicKeys = new();
    private readonly ConcurrentDictionary<Guid, ConcurrentBag<ECDsa>> privateKeys = new();

    /// <summary>The event with its keys, which are made when there are none; null when there is no such event.</summary>
    public async Task<DoorEvent?> EnsureAsync(Guid eventId, CancellationToken cancellationToken)
    {
        var found = await events.FindAsync(eventId, cancellationToken);
        if (found is null or { PublicKey: not null })
        {
            return found;
        }

        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        await store.AddKeyAsync(eventId, key.ExportSubjectPublicKeyInfo(), protector.Protect(key.ExportPkcs8PrivateKey()));
        return await events.ReadAsync(eventId, cancellationToken);
    }

    /// <summary>False where the keys that protect the event's key are missing. What is asked seldom is not remembered.</summary>
    public bool CanSign(DoorEvent show)
    {
        try
        {
            using var key = Private(show);
            return true;
        }
        catch (StorageException)
        {
            return false;
        }
    }

    public string Sign(DoorEvent show, TicketCode code) =>
        Use(privateKeys, show.Id, () => Private(show), key => CodeSignature.Sign(code, key));

    public bool HasSigned(DoorEvent show, string text) =>
        show.PublicKey is not null && Use(publicKeys, show.Id, () => Public(show), key => CodeSignature.IsBy(key, text));

    private static T Use<T>(ConcurrentDictionary<Guid, ConcurrentBag<ECDsa>> keys, Guid eventId, Func<ECDsa> make, Func<ECDsa, T> use)
    {
        var spare = keys.GetOrAdd(eventId, static _ => []);
        if (!spare.TryTake(out var key))
        {
            key = make();
        }

        try
        {
            return use(key);
        }
        finally
        {
            spare.Add(key);
        }
    }

    private static ECDsa Public(DoorEvent show)
    {
        var key = ECDsa.Create();
        key.ImportSubjectPublicKeyInfo(show.PublicKey, out _);
        return key;
    }

    private ECDsa Private(DoorEvent show)
    {
        var key = ECDsa.Create();
        try
        {
            key.ImportPkcs8PrivateKey(protector.Unprotect(show.PrivateKey!), out _);
            return key;
        }
        catch (CryptographicException failure)
        {
            key.Dispose();
            throw new StorageException(
                "Accounts:Keys: the keys that protect the keys of tickets are missing. Restore them from the backup; docs/operations.md "
                    + "says what to do without one.",
                failure
            );
        }
    }
}
