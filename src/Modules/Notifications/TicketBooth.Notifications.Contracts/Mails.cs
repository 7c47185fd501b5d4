using MediatR;
using TicketBooth.BuildingBlocks.Kernel;

namespace TicketBooth.Notifications.Contracts;

/// <summary>Where a mail is in its life.</summary>
public enum MailState
{
    /// <summary>Will be sent, or sent again.</summary>
    Waiting,

    /// <summary>The mail server has taken it.</summary>
    Sent,

    /// <summary>Given up: the server refuses it for good, or it failed too often.</summary>
    Dead,

    /// <summary>Not sent, because what it was to tell does not hold any more.</summary>
    Skipped,
}

/// <summary>A mail as staff see it. Its text is not kept.</summary>
/// <param name="Number">Identifies it; ascending.</param>
/// <param name="Kind">A stable code, for example <c>order-paid</c>.</param>
/// <param name="Email">Where it went or goes; null while that is not known.</param>
/// <param name="Language">Null while that is not known.</param>
/// <param name="Tries">How often it was tried.</param>
/// <param name="NextTryAt">Only while it waits.</param>
/// <param name="DoneAt">When it was sent or given up.</param>
/// <param name="Failure">What the last try that failed said.</param>
public sealed record MailView(
    long Number,
    string Kind,
    MailState State,
    string? Email,
    string? Language,
    Guid? AccountId,
    Guid? OrderId,
    Guid? EventId,
    DateTimeOffset CreatedAt,
    int Tries,
    DateTimeOffset? NextTryAt,
    DateTimeOffset? DoneAt,
    string? Failure
)
{
    /// <summary>Whether staff may send it again: not what held a secret.</summary>
    public bool CanBeResent { get; init; }
}

/// <summary>Lists mails, the newest first. Fails with <c>validation-failed</c>.</summary>
/// <param name="State">Only in this state; null for all.</param>
/// <param name="Kind">Only of this kind; null for all.</param>
/// <param name="Email">Only to this address; null for all.</param>
/// <param name="OrderId">Only about this order; null for all.</param>
/// <param name="Cursor">Where the page before ended.</param>
/// <param name="Limit">1 to 200.</param>
public sealed record FindMails(
    MailState? State = null,
    string? Kind = null,
    string? Email = null,
    Guid? OrderId = null,
    string? Cursor = null,
    int Limit = 50
) : IRequest<Result<Page<MailView>>>;

/// <summary>How many mails wait, and how many were given up.</summary>
public sealed record GetMailFigures : IRequest<Result<MailFigures>>;

/// <summary>How full the queue of mails is.</summary>
/// <param name="PerMinute">How many are sent in a minute at most.</param>
public sealed record MailFigures(long Waiting, long Dead, int PerMinute);

/// <summary>
/// Sends a mail that was sent or given up again. Fails with <c>mail-not-found</c>, <c>mail-waits</c>, or <c>mail-held-secret</c>: its token
/// is gone, and a new one must be asked for.
/// </summary>
/// <param name="Number">Of the mail.</param>
public sealed record ResendMail(long Number, Actor By) : IRequest<Result<MailView>>, IStaffAction
{
    string IStaffAction.Kind => "resend-mail";

    ActionSubject IStaffAction.Subject => new(ActionSubjectKind.Mail);
}

/// <summary>All kinds of mails, in the order of a purchase.</summary>
public sealed record ListMailKinds : IRequest<Result<IReadOnlyList<string>>>;

/// <summary>What a mail of a kind looks like, with invented data. Fails with <c>mail-kind-unknown</c>.</summary>
/// <param name="Language"><c>pt-BR</c>; anything else is English.</param>
public sealed record PreviewMail(string Kind, string Language) : IRequest<Result<MailPreview>>;

/// <summary>A mail as it is sent.</summary>
/// <param name="Html">The HTML part: a whole document.</param>
/// <param name="Text">The text part.</param>
public sealed record MailPreview(string Subject, string Html, string Text);

/// <summary>The mails that went to all buyers of an event at once, the newest first.</summary>
public sealed record ListBulkMails : IRequest<Result<IReadOnlyList<BulkMails>>>;

/// <summary>How far the mails to all buyers of an event are.</summary>
/// <param name="Kind">For example <c>event-canceled</c>.</param>
/// <param name="IsQueued">Whether the mails of all orders are in the queue.</param>
/// <param name="Total">How many mails are in the queue or were.</param>
/// <param name="EndsAt">When the last of them is sent at the present pace; null when none waits.</param>
public sealed record BulkMails(
    long Number,
    string Kind,
    Guid EventId,
    string EventName,
    DateTimeOffset At,
    bool IsQueued,
    int Total,
    int Sent,
    int Dead,
    int Skipped,
    DateTimeOffset? EndsAt
);
