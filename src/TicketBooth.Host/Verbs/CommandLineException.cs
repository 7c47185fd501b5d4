namespace TicketBooth.Host.Verbs;

/// <summary>The command line has words that mean nothing, a line for each.</summary>
internal sealed class CommandLineException(IReadOnlyList<string> problems) : Exception(string.Join(Environment.NewLine, problems));
