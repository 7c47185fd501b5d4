using Microsoft.Extensions.Logging.Console;
using Microsoft.Extensions.Options;

namespace TicketBooth.Host.Web;

/// <summary>
/// The log on the console: for people, or with <c>Logging:Console:FormatterName=json</c> an object a line, for programs that collect logs.
/// </summary>
internal static class Logs
{
    private const string Setting = "Logging:Console:FormatterName";

    // The slim builder sets the format for people whatever the setting says.
    public static void AddLogFormat(this WebApplicationBuilder builder)
    {
        switch (builder.Configuration[Setting] ?? ConsoleFormatterNames.Simple)
        {
            case ConsoleFormatterNames.Simple:
                break;
            case ConsoleFormatterNames.Json:
                builder.Logging.AddJsonConsole(json =>
                {
                    json.UseUtcTimestamp = true;
                    json.TimestampFormat = "yyyy-MM-dd'T'HH:mm:ss.fff'Z'";
                    json.IncludeScopes = true;
                });
                break;
            case var unknown:
                throw new OptionsValidationException(
                    Setting,
                    typeof(Logs),
                    [$"{Setting}: there is no format {unknown}; there are {ConsoleFormatterNames.Simple} and {ConsoleFormatterNames.Json}."]
                );
        }
    }
}
