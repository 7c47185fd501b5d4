using System.Security.Cryptography;
using Microsoft.AspNetCore.Identity;
using TicketBooth.Accounts.Domain;
using TicketBooth.Accounts.Storage;

namespace TicketBooth.Accounts.SigningIn;

/// <summary>
/// Hashes passwords on threads of their own, at most one per core at once. The work is slow on purpose; on the thread pool, many sign-ins
/// at once would delay everybody who is buying. Network addresses take turns, so that one of them cannot keep all others waiting.
/// </summary>
internal sealed class Passwords(IPasswordHasher<User> hasher)
{
    /// <summary>About ten seconds of work on a small machine; beyond that a request is better told to come back.</summary>
    internal const int LongestQueue = 512;

    /// <summary>About five seconds of work on a small machine, which no one address makes others wait for.</summary>
    internal const int LongestQueueOfAddress = 64;

    private static readonly User Anybody = new();

    private readonly FairPlaces places = new(Environment.ProcessorCount, LongestQueue, LongestQueueOfAddress);
    private readonly Lazy<string> nobodysHash = new(() => hasher.HashPassword(Anybody, RandomNumberGenerator.GetHexString(32)));

    private IPasswordHasher<User> Hasher => hasher;

    /// <summary>A place to hash at, to be disposed after use; null when too many are waiting for one.</summary>
    /// <param name="from">The client's network address, as limits count it.</param>
    public async Task<Place?> EnterAsync(string from, CancellationToken cancellationToken) =>
        await places.EnterAsync(from, cancellationToken) ? new Place(this) : null;

    /// <remarks>A hash of what was typed, and not of its normal form, is made again.</remarks>
    private PasswordVerificationResult Verify(string hash, string password)
    {
        foreach (var (i, form) in PasswordRules.FormsOf(password).Index())
        {
            var result = hasher.VerifyHashedPassword(Anybody, hash, form);
            if (result != PasswordVerificationResult.Failed)
            {
                return i == 0 ? result : PasswordVerificationResult.SuccessRehashNeeded;
            }
        }

        return PasswordVerificationResult.Failed;
    }

    internal sealed class Place(Passwords passwords) : IDisposable
    {
        public Task<string> HashAsync(string password) =>
            Run(() => passwords.Hasher.HashPassword(Anybody, PasswordRules.Normalize(password)));

        /// <param name="hash">Null for a user that does not exist: takes as long, and fails.</param>
        /// <param name="password">What the caller typed.</param>
        public Task<PasswordVerificationResult> VerifyAsync(string? hash, string password) =>
            Run(() =>
            {
                var result = passwords.Verify(hash ?? passwords.nobodysHash.Value, password);
                return hash is null ? PasswordVerificationResult.Failed : result;
            });

        public void Dispose() => passwords.places.Leave();

        private static Task<T> Run<T>(Func<T> work) =>
            Task.Factory.StartNew(
                work,
                CancellationToken.None,
                TaskCreationOptions.LongRunning | TaskCreationOptions.DenyChildAttach,
                TaskScheduler.Default
            );
    }
}
