using TicketBooth.BuildingBlocks.Kernel;
using TicketBooth.BuildingBlocks.Tests;

// The second process of EmbeddedStorageTests: takes the folder, says how that went, and keeps it until its input ends.
try
{
    await using var storage = TestStorage.Open(args[0]);
    await Console.Out.WriteLineAsync("owned");
    await Console.In.ReadToEndAsync();
}
catch (StorageException refused)
{
    await Console.Out.WriteLineAsync(refused.Message);
}
