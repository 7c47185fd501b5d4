using Microsoft.AspNetCore.Authentication.JwtBearer;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.DataProtection.KeyManagement;
using Microsoft.AspNetCore.Identity;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Options;
using TicketBooth.Accounts.Guests;
using TicketBooth.Accounts.Keys;
using TicketBooth.Accounts.Mails;
using TicketBooth.Accounts.PersonalData;
using TicketBooth.Accounts.Profile;
using TicketBooth.Accounts.Recovery;
using TicketBooth.Accounts.SigningIn;
using TicketBooth.Accounts.SigningUp;
using TicketBooth.Accounts.Staff;
using TicketBooth.Accounts.Storage;
using TicketBooth.Accounts.Tokens;
using TicketBooth.BuildingBlocks.Kernel;
using TicketBooth.BuildingBlocks.Messaging.Modules;
using TicketBooth.BuildingBlocks.Storage.Relational;
using TicketBooth.BuildingBlocks.Web;
using TicketBooth.BuildingBlocks.Web.Mediation;

namespace TicketBooth.Accounts;

/// <summary>Users and their roles, and the access tokens that every module trusts.</summary>
public sealed class AccountsModule : IModule
{
    public string Name => "Accounts";

    public void AddServices(IServiceCollection services, IConfiguration configuration)
    {
        services.AddSlices(typeof(AccountsModule).Assembly);
        services.AddSettings<AccountsOptions>("Accounts");
        services.AddSettings<AdminOptions>("Accounts:Admin");

        services.AddTables<AccountsDbContext, MySqlAccountsDbContext>(configuration, AccountsDbContext.Module);
        services.AddOutbox(AccountsDbContext.Module);
        services.AddTransient<AccountMessages>();
        services.AddTransient<NewDevices>();
        services.AddTransient<MailTokens>();
        services.AddTransient<GuestTokens>();
        services.AddWorker<AnswerMailRequestsWorker>();

        // Before Identity adds its own, which would be scoped.
        services.AddSingleton<IPasswordHasher<User>, PasswordHasher<User>>();
        services.AddSingleton<ILookupNormalizer, LookupNormalizer>();
        services
            .AddIdentityCore<User>(identity =>
            {
                identity.User.AllowedUserNameCharacters = "";
                identity.User.RequireUniqueEmail = true;
            })
            .AddRoles<IdentityRole<Guid>>()
            .AddEntityFrameworkStores<AccountsDbContext>();
        services
            .AddOptions<PasswordHasherOptions>()
            .Configure<IOptions<AccountsOptions>>((hasher, accounts) => hasher.IterationCount = accounts.Value.PasswordIterations);
        services.AddSingleton<Passwords>();
        services.AddTransient<PasswordDelays>();
        services.AddWorker<ForgetWrongPasswordsWorker>();
        services.AddTransient<SecondFactors>();
        services.AddTransient<Credentials>().AddTransient<OwnerProof>();
        services.AddTransient<InvitationTokens>();
        services.AddTransient<AccountEraser>();
        services.AddTransient<IPersonalData, SignInsOfPerson>().AddTransient<IPersonalData, SessionsOfPerson>();
        services.AddHostedService<FirstAdministrator>();
        services.AddHostedService<PrepareFirstSignIn>();

        services.AddSettings<KeyOptions>("Accounts:Keys");
        services.AddSingleton<IValidateOptions<KeyOptions>, ClearKeys>();
        services.AddSingleton<KeyRing>();
        services.AddSingleton<StoredSecrets>();
        var protection = services.AddDataProtection().SetApplicationName("TicketBooth");
        if (KeyCertificate.Load(configuration) is { } certificate)
        {
            protection.ProtectKeysWithCertificate(certificate);
        }

        services.AddOptions<KeyManagementOptions>().Configure<KeyRing>((management, keys) => keys.Configure(management));

        services.AddSingleton<SigningKeys>();
        services.AddSingleton<AccessTokens>();
        services.AddTransient<RefreshTokens>();
        services.AddSingleton<EndedSignIns>();
        services.AddSingleton<SignOuts>();
        services.AddWorker<FollowSignOutsWorker>();
        services.AddWorker<ForgetSignInsWorker>();
        services.AddSingleton(provider => new ValidatedTokens(
            provider.GetRequiredService<EndedSignIns>(),
            provider.GetRequiredService<TimeProvider>(),
            ValidatedTokens.DefaultCapacity
        ));
        services.AddSingleton<RememberedBearers>();
        services.AddSingleton<IRememberedUsers>(provider => provider.GetRequiredService<RememberedBearers>());
        services.AddSingleton<RememberingTokenHandler>();
        services.AddSingleton<BearerEvents>();
        services.AddTransient<StaffTokens>();
        services.AddAuthentication(JwtBearerDefaults.AuthenticationScheme).AddJwtBearer();
        services
            .AddOptions<JwtBearerOptions>(JwtBearerDefaults.AuthenticationScheme)
            .Configure<AccessTokens, RememberingTokenHandler, BearerEvents>(
                (bearer, tokens, handler, events) =>
                {
                    bearer.MapInboundClaims = false;
                    bearer.SaveToken = false;
                    bearer.TokenHandlers.Clear();
                    bearer.TokenHandlers.Add(handler);
                    bearer.TokenValidationParameters = tokens.Rules();
                    bearer.Events = events;
                }
            );
        services.AddAuthorization();
    }

    public void MapEndpoints(IEndpointRouteBuilder routes)
    {
        SignUp.Map(routes);
        RequestToken.Map(routes);
        SignOut.Map(routes);
        AskPasswordReset.Map(routes);
        SetPassword.Map(routes);
        ConfirmEmail.Map(routes);
        ChangeMe.Map(routes);
        EndSignIns.Map(routes);
        ShowMe.Map(routes);
        ExportMe.Map(routes);
        EraseMe.Map(routes);
        AskGuestAccess.Map(routes);
        ConfirmGuest.Map(routes);
        ShowSigningKeys.Map(routes);
        FindAccounts.Map(routes);
        InviteStaff.Map(routes);
        RenewInvitation.Map(routes);
        GetRoles.Map(routes);
        ChangeRoles.Map(routes);
    }

    public async Task StartAsync(IServiceProvider services, CancellationToken cancellationToken)
    {
        var storage = services.GetRequiredKeyedService<RelationalStorage>(AccountsDbContext.Module);
        await using var connection = await storage.OpenAsync(cancellationToken);
        if (!storage.ReadOnly)
        {
            await services
                .GetRequiredService<KeyRing>()
                .PrepareAsync(connection, services.GetRequiredService<IKeyManager>(), cancellationToken);
            await services.GetRequiredService<StoredSecrets>().UpgradeAsync(connection, cancellationToken);
            await services.GetRequiredService<SigningKeys>().LoadAsync(connection, makeFirst: true, cancellationToken);
            await services.GetRequiredService<SignOuts>().ReadAsync(connection, cancellationToken);
            await SearchNames.UpgradeAsync(connection, cancellationToken);
        }
    }
}
