using TicketBooth.Host.Starting;
using TicketBooth.Host.Verbs;

MallocArenas.TryLimit();
return await CommandLine.RunAsync(args, Console.Out, Console.Error);
