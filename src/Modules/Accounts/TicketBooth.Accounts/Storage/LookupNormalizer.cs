using System.Diagnostics.CodeAnalysis;
using System.Text;
using Microsoft.AspNetCore.Identity;
using TicketBooth.BuildingBlocks.Kernel;

namespace TicketBooth.Accounts.Storage;

/// <summary>Names and addresses as they are looked up. Identity's own normalizer throws on what is no character.</summary>
internal sealed class LookupNormalizer : ILookupNormalizer
{
    [return: NotNullIfNotNull(nameof(name))]
    public string? NormalizeName(string? name) =>
        name is null ? null : PlainText.Normalized(name, NormalizationForm.FormC).ToUpperInvariant();

    [return: NotNullIfNotNull(nameof(email))]
    public string? NormalizeEmail(string? email) => NormalizeName(email);
}
