using TicketBooth.BuildingBlocks.Messaging.Modules;

namespace TicketBooth.Dashboard.Shell;

/// <summary>Whether the module that sends mails is loaded; without it there is no page of mails.</summary>
internal sealed class MailsSwitch(IReadOnlyList<IModule> modules)
{
    public bool IsOn { get; } = modules.Any(module => module.Name == "Notifications");
}
