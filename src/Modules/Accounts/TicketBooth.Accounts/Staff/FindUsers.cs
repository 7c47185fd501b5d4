using System.Text;
using FluentValidation;
using MediatR;
using Microsoft.AspNetCore.Identity;
using TicketBooth.Accounts.Contracts;
using TicketBooth.Accounts.Domain;
using TicketBooth.Accounts.Storage;
using TicketBooth.BuildingBlocks.Kernel;

namespace TicketBooth.Accounts.Staff;

/// <summary>Lists accounts, optionally those in whose name or address every word of a search begins something.</summary>
internal static class FindUsers
{
    // Sorts after every other character, so prefix + AfterAll ends the range of what begins with the prefix.
    private const char AfterAll = '\uffff';

    internal sealed class Validator : AbstractValidator<Contracts.FindUsers>
    {
        public Validator()
        {
            RuleFor(query => query.Search)
                .MaximumLength(AccountRules.LongestEmail)
                .WithMessage("At most 254 characters.")
                .Must(search => search is null || TextRules.IsAssigned(search))
                .WithMessage("No characters that do not exist.");
            RuleFor(query => query.Role)
                .Must(role => role is null || StoredRoles.Ids.ContainsKey(role))
                .WithMessage("One of customer, clerk, admin, door.");
            RuleFor(query => query.Cursor)
                .Must(cursor => cursor is null || PositionOf(cursor) is not null)
                .WithMessage("Not a cursor of this list.");
            RuleFor(query => query.Limit).InclusiveBetween(1, Cursor.LargestLimit).WithMessage("1 to 200.");
        }
    }

    internal sealed class Handler(AccountsDbContext db, ILookupNormalizer normalizer)
        : IRequestHandler<Contracts.FindUsers, Result<Page<UserView>>>
    {
        public async Task<Result<Page<UserView>>> Handle(Contracts.FindUsers request, CancellationToken cancellationToken)
        {
#pragma warning disable CA1309 // the database compares, byte by byte; EF Core translates no other overload
            var users = db.Users.Where(user => user.ErasedAt == null);
            if (request.Role is { } role)
            {
                var roleId = StoredRoles.Ids[role];
                users =
                    from holder in db.UserRoles
                    where holder.RoleId == roleId
                    join user in users on holder.UserId equals user.Id
                    select user;
            }

            foreach (var word in Folding.WordsOf(request.Search ?? ""))
            {
                var (inName, to) = (' ' + word, word + AfterAll);
                users = users.Where(user =>
                    user.SearchName.Contains(inName)
                    || (string.Compare(user.NormalizedEmail, word) >= 0 && string.Compare(user.NormalizedEmail, to) < 0)
                );
            }

            if (request.Cursor is { } cursor)
            {
                var after = PositionOf(cursor);
                users = users.Where(user => string.Compare(user.NormalizedEmail, after) > 0);
            }
#pragma warning restore CA1309

            var found = await db.ViewsOfAsync(users.OrderBy(user => user.NormalizedEmail).Take(request.Limit + 1), cancellationToken);
            return Page<UserView>.Of(found, request.Limit, last => CursorAfter(normalizer.NormalizeEmail(last.Email)));
        }
    }

    private static string CursorAfter(string normalizedEmail) =>
        System.Buffers.Text.Base64Url.EncodeToString(Encoding.UTF8.GetBytes(normalizedEmail));

    private static string? PositionOf(string cursor) =>
        System.Buffers.Text.Base64Url.IsValid(cursor)
            ? Encoding.UTF8.GetString(System.Buffers.Text.Base64Url.DecodeFromChars(cursor))
            : null;
}
