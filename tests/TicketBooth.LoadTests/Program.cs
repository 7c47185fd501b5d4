using TicketBooth.LoadTests;
using TicketBooth.Testing;

HostProcess.Echo = true;
return await CommandLine.RunAsync(args);
