namespace TicketBooth.Dashboard.Shell;

/// <summary>Marks the page that answers failed requests, whatever their method.</summary>
internal interface IErrorPage;
