using System.CommandLine;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Options;
using TicketBooth.BuildingBlocks.Kernel;
using TicketBooth.BuildingBlocks.Storage.Backups;
using TicketBooth.Host.Demo;

namespace TicketBooth.Host.Verbs;

/// <summary>What the executable can be told: a verb, its options, and any setting.</summary>
internal static class CommandLine
{
    private const int Refused = 2;
    private const int Foreign = 3;
    private const int Damaged = 4;
    private const int Newer = 5;

    private const string SettingsHelp =
        "Any setting may be given as --Section:Setting=value, for example --Booking:HoldMinutes=5. The README lists all settings.";

    // A word that begins with @ is a value like any other, and the host itself ends when it is asked to.
    private static readonly ParserConfiguration Parsing = new() { ResponseFileTokenReplacer = null, EnablePosixBundling = false };

    private static readonly Option<string> Urls = new("--urls")
    {
        Description = "The addresses to serve, separated by semicolons.",
        HelpName = "addresses",
    };

    private static readonly Option<string> EnvironmentName = new("--environment")
    {
        Description = "Development, Staging or Production. Production without it and without ASPNETCORE_ENVIRONMENT.",
        HelpName = "name",
        Recursive = true,
    };

    private static readonly Option<bool> Demo = new(DemoMode.Flag)
    {
        Description = "Adds demo events to an empty store. Refused in Production.",
        Arity = ArgumentArity.Zero,
    };

    /// <returns>The exit code: 2 when the command line or a setting is refused.</returns>
    public static async Task<int> RunAsync(string[] args, TextWriter output, TextWriter errors)
    {
        var root = Root(output);
        var parsed = root.Parse(args, Parsing);
        var invocation = new InvocationConfiguration
        {
            Output = output,
            Error = errors,
            EnableDefaultExceptionHandler = false,
            ProcessTerminationTimeout = null,
        };
        try
        {
            return parsed.Errors.Count == 0
                ? await parsed.InvokeAsync(invocation)
                : throw new CommandLineException([.. parsed.Errors.Select(error => error.Message)]);
        }
        catch (CommandLineException wrong)
        {
            await errors.WriteLineAsync(wrong.Message + Environment.NewLine);
            await root.Parse(["--help"], Parsing).InvokeAsync(new InvocationConfiguration { Output = errors, Error = errors });
            return Refused;
        }
        catch (OptionsValidationException wrong)
        {
            await errors.WriteLineAsync(string.Join(Environment.NewLine, wrong.Failures));
            return Refused;
        }
        catch (InvalidOperationException wrong)
            when (wrong.InnerException is FormatException or ArgumentException
                && wrong.Message.Contains("configuration value", StringComparison.Ordinal)
            )
        {
            // The binder names the setting whose value is not of its type.
            await errors.WriteLineAsync(wrong.Message);
            return Refused;
        }
        catch (StorageException wrong)
        {
            await errors.WriteLineAsync(wrong.Message);
            return Refused;
        }
        catch (BackupException wrong)
        {
            await errors.WriteLineAsync(wrong.Message);
            return wrong.Fault switch
            {
                BackupFault.Foreign => Foreign,
                BackupFault.Damaged => Damaged,
                _ => Newer,
            };
        }
        catch (SqliteException damaged)
        {
            await errors.WriteLineAsync($"Storage:Path: {damaged.Message} The verb audit says which file it is.");
            return Refused;
        }
    }

    private static RootCommand Root(TextWriter output)
    {
        var root = new RootCommand("TicketBooth, a ticket office. Without a command it serves. " + SettingsHelp)
        {
            Demo,
            Urls,
            EnvironmentName,
        };
        root.TreatUnmatchedTokensAsErrors = false;
        root.SetAction(
            async (parsed, _) =>
            {
                await ServeVerb.RunAsync(SettingsOf(parsed), parsed.GetValue(Demo), output);
                return 0;
            }
        );
        root.Add(
            Verb(
                "audit",
                "Checks the promises I1 to I8 on the stored data, also beside a serving host. "
                    + "Exit code 0 when all hold, 1 when one does not.",
                settings => AuditVerb.RunAsync(settings, output)
            )
        );
        root.Add(
            Verb(
                "rebuild",
                "Rebuilds the read model of the back office. With embedded files, run it only while no host serves.",
                async settings =>
                {
                    await RebuildVerb.RunAsync(settings, output);
                    return 0;
                }
            )
        );
        root.Add(Reconcile(output));
        root.Add(AcceptLoss(output));
        root.Add(
            OnFile(
                "backup",
                "Writes the embedded files into one file and checks it, also beside a serving host. "
                    + "Exit code 0 when the audit of the backup passes, 1 when it does not.",
                (settings, file) => BackUpVerb.RunAsync(settings, file, output)
            )
        );
        root.Add(
            OnFile(
                "export",
                "Writes everything into a new folder, a JSON object a line, also beside a serving host.",
                async (settings, folder) =>
                {
                    await ExportVerb.RunAsync(settings, folder, output);
                    return 0;
                }
            )
        );
        root.Add(
            OnFile(
                "restore",
                "Puts the files of a backup into an empty Storage:Path. "
                    + "Exit code 3: the file is no backup, 4: it is damaged, 5: a newer release made it.",
                async (settings, file) =>
                {
                    await RestoreVerb.RunAsync(settings, file, output);
                    return 0;
                }
            )
        );
        return root;
    }

    private static Command Reconcile(TextWriter output)
    {
        var from = new Option<DateOnly>("--from") { Description = "The first day, UTC: 2026-11-01.", Required = true };
        var to = new Option<DateOnly>("--to") { Description = "The last day, UTC: 2026-11-30.", Required = true };
        var verb = new Command(
            "reconcile",
            "Compares what the gateways say they took and gave back with what is on record, also beside a serving host. Changes nothing. "
                + "Exit code 0 when both sides have the same, 1 when they differ or a gateway could not be asked."
        )
        {
            from,
            to,
        };
        verb.TreatUnmatchedTokensAsErrors = false;
        verb.SetAction((parsed, _) => ReconcileVerb.RunAsync(SettingsOf(parsed), parsed.GetValue(from), parsed.GetValue(to), output));
        return verb;
    }

    private static Command AcceptLoss(TextWriter output)
    {
        var files = new Argument<string[]>("files") { Description = "The names that the start told.", Arity = ArgumentArity.OneOrMore };
        var verb = new Command(
            "accept-loss",
            "Lets the next start go on without embedded files that are lost. What they held is gone then."
        )
        {
            files,
        };
        verb.TreatUnmatchedTokensAsErrors = false;
        verb.SetAction(
            async (parsed, _) =>
            {
                var (settings, names) = SettingArguments.Split([.. parsed.GetValue(files) ?? [], .. parsed.UnmatchedTokens]);
                await AcceptLossVerb.RunAsync([.. settings, .. OptionsOf(parsed)], names, output);
                return 0;
            }
        );
        return verb;
    }

    private static Command OnFile(string name, string description, Func<string[], string, Task<int>> run)
    {
        var file = new Argument<string>("path") { Description = "The file of the backup; the folder of the export." };
        var verb = new Command(name, description) { file };
        verb.TreatUnmatchedTokensAsErrors = false;
        verb.SetAction(
            (parsed, _) =>
            {
                // A setting before the file would be taken for it.
                var (settings, names) = SettingArguments.Split([parsed.GetValue(file)!, .. parsed.UnmatchedTokens]);
                return names.Count == 1
                    ? run([.. settings, .. OptionsOf(parsed)], names[0])
                    : throw new CommandLineException([$"{name} needs one path, and here are {names.Count}."]);
            }
        );
        return verb;
    }

    private static Command Verb(string name, string description, Func<string[], Task<int>> run)
    {
        // Words that System.CommandLine does not know are settings, or refused by SettingArguments.
        var verb = new Command(name, description) { TreatUnmatchedTokensAsErrors = false };
        verb.SetAction((parsed, _) => run(SettingsOf(parsed)));
        return verb;
    }

    private static string[] SettingsOf(ParseResult parsed) => [.. SettingArguments.Of(parsed.UnmatchedTokens), .. OptionsOf(parsed)];

    private static IEnumerable<string> OptionsOf(ParseResult parsed) =>
        from option in new[] { Urls, EnvironmentName }
        where parsed.GetResult(option) is { Implicit: false }
        select $"{option.Name}={parsed.GetValue(option)}";
}
