using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;
using TicketBooth.Accounts.Storage;
using TicketBooth.BuildingBlocks.Storage.Relational;

namespace TicketBooth.Accounts.Keys;

/// <summary>
/// Refuses a start that would leave the keys in the clear in MySQL: whoever reads the database, or a backup, could sign in as anybody.
/// It depends on the environment and on where the tables are, so an annotation cannot say it.
/// </summary>
internal sealed class ClearKeys(IHostEnvironment environment, [FromKeyedServices(AccountsDbContext.Module)] RelationalStorage storage)
    : IValidateOptions<KeyOptions>
{
    public ValidateOptionsResult Validate(string? name, KeyOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        var isProtected = storage.IsEmbedded || options.Folder is { Length: > 0 } || options.Certificate is { Length: > 0 };
        var isAllowed = environment.IsDevelopment() || (options.AllowClear && !environment.IsProduction());
        return isProtected || isAllowed
            ? ValidateOptionsResult.Success
            : ValidateOptionsResult.Fail(
                "Accounts:Keys:Certificate: is missing, and so is Accounts:Keys:Folder. With ConnectionStrings:MySql and neither of them, "
                    + "the keys of cookies and access tokens would lie in the clear in the database."
            );
    }
}
