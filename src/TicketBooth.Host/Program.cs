using Microsoft.Extensions.Options;
using TicketBooth.BuildingBlocks.Storage;
using TicketBooth.Host;

try
{
    await using var app = TicketBoothHost.Build(args);
    await app.StartTicketBoothAsync();
    await app.WaitForShutdownAsync();
    return 0;
}
catch (OptionsValidationException wrong)
{
    await Console.Error.WriteLineAsync(string.Join(Environment.NewLine, wrong.Failures));
    return 2;
}
catch (StorageException wrong)
{
    await Console.Error.WriteLineAsync(wrong.Message);
    return 2;
}
