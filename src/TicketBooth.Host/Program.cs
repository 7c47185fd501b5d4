using Microsoft.Extensions.Options;
using TicketBooth.BuildingBlocks.Kernel;
using TicketBooth.Host.Demo;
using TicketBooth.Host.Verbs;

const int BadSettings = 2;
const string Usage = """
    Usage: TicketBooth.Host [--demo] [--Section:Setting=value …]   Runs the server. --demo adds demo events to an empty store.
           TicketBooth.Host audit   [--Storage:Path=…]             Checks the stored data against the promises I1-I7.
                                                                   Exit code 0 when all hold, 1 when one does not.
           TicketBooth.Host rebuild [--Storage:Path=…]             Rebuilds the back office's read model from the modules' data.
                                                                   With embedded storage, stop the server first.
    """;

try
{
    switch (args.FirstOrDefault() is { } first && !first.StartsWith('-') ? first : null)
    {
        case null:
            await ServeVerb.RunAsync([.. args.Where(arg => arg != DemoMode.Flag)], isDemo: args.Contains(DemoMode.Flag), Console.Out);
            return 0;
        case "rebuild":
            await RebuildVerb.RunAsync(args[1..], Console.Out);
            return 0;
        case "audit":
            return await AuditVerb.RunAsync(args[1..], Console.Out);
        case var unknown:
            await Console.Error.WriteLineAsync($"There is no command '{unknown}'.{Environment.NewLine}{Usage}");
            return BadSettings;
    }
}
catch (OptionsValidationException wrong)
{
    await Console.Error.WriteLineAsync(string.Join(Environment.NewLine, wrong.Failures));
    return BadSettings;
}
catch (InvalidOperationException wrong)
    when (wrong.InnerException is FormatException or ArgumentException
        && wrong.Message.Contains("configuration value", StringComparison.Ordinal)
    )
{
    // The binder names the setting whose value is not of its type.
    await Console.Error.WriteLineAsync(wrong.Message);
    return BadSettings;
}
catch (StorageException wrong)
{
    await Console.Error.WriteLineAsync(wrong.Message);
    return BadSettings;
}
