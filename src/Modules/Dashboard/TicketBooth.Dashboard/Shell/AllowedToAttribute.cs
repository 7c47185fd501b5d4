namespace TicketBooth.Dashboard.Shell;

/// <summary>
/// Says who may call a page's handler. Every handler that is not a GET must have one: a page that clerks see may have buttons that they may
/// not press.
/// </summary>
/// <param name="policy">One of <see cref="Policies"/>.</param>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class AllowedToAttribute(string policy) : Attribute
{
    public string Policy => policy;
}
