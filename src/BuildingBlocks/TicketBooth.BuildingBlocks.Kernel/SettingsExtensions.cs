using System.ComponentModel.DataAnnotations;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace TicketBooth.BuildingBlocks.Kernel;

/// <summary>Settings that are validated at start; an error names the setting in full.</summary>
public static class SettingsExtensions
{
    /// <summary>Binds a section to <typeparamref name="T"/> and checks its data annotations at the start.</summary>
    public static OptionsBuilder<T> AddSettings<T>(this IServiceCollection services, string section)
        where T : class
    {
        services.AddSingleton<IValidateOptions<T>>(new AnnotationsBySetting<T>(section));
        return services.AddOptions<T>().BindConfiguration(section).ValidateOnStart();
    }

    /// <summary>The framework's own validation names the class and member; people look for the setting.</summary>
    private sealed class AnnotationsBySetting<T>(string section) : IValidateOptions<T>
        where T : class
    {
        public ValidateOptionsResult Validate(string? name, T options)
        {
            var failures = new List<ValidationResult>();
            return Validator.TryValidateObject(options, new ValidationContext(options), failures, validateAllProperties: true)
                ? ValidateOptionsResult.Success
                : ValidateOptionsResult.Fail(
                    failures.Select(failure => $"{section}:{failure.MemberNames.FirstOrDefault()}: {failure.ErrorMessage}")
                );
        }
    }
}
