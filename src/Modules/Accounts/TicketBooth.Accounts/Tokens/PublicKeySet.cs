namespace TicketBooth.Accounts.Tokens;

/// <summary>A JSON Web Key Set (RFC 7517).</summary>
internal sealed record PublicKeySet(IReadOnlyList<PublicKey> Keys);

/// <summary>The public half of a key that signs access tokens.</summary>
/// <param name="Kty">Its kind: <c>EC</c>.</param>
/// <param name="Crv">Its curve: <c>P-256</c>.</param>
/// <param name="X">A coordinate of its point, in base64url.</param>
/// <param name="Y">The other one.</param>
/// <param name="Kid">As tokens name it.</param>
/// <param name="Use">What it is for: <c>sig</c>.</param>
/// <param name="Alg">How it signs: <c>ES256</c>.</param>
internal sealed record PublicKey(string Kty, string Crv, string X, string Y, string Kid, string Use, string Alg);
