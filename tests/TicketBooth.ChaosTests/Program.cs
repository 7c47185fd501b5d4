using TicketBooth.ChaosTests;

return await CommandLine.RunAsync(args);
