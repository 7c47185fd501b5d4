using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using System.Reflection;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace TicketBooth.BuildingBlocks.Kernel;

/// <summary>Settings that are validated at start; an error names the setting in full.</summary>
public static class SettingsExtensions
{
    /// <summary>Binds a section to <typeparamref name="T"/> and checks its data annotations at the start.</summary>
    public static OptionsBuilder<T> AddSettings<T>(this IServiceCollection services, string section)
        where T : class => services.AddChecks<T>(section).BindConfiguration(section).ValidateOnStart();

    /// <summary>
    /// As <see cref="AddSettings{T}"/>, and a setting without a value is as absent: its default holds. Scripts and container files that
    /// pass on variables write such settings.
    /// </summary>
    public static OptionsBuilder<T> AddSettingsOrDefaults<T>(this IServiceCollection services, string section)
        where T : class =>
        services
            .AddChecks<T>(section)
            .Configure<IConfiguration>((options, configuration) => WithValues(configuration.GetSection(section)).Bind(options))
            .ValidateOnStart();

    private static OptionsBuilder<T> AddChecks<T>(this IServiceCollection services, string section)
        where T : class
    {
        services.AddSingleton(SettingNames.Of<T>(section));
        services.AddSingleton<IValidateOptions<T>>(new AnnotationsBySetting<T>(section));
        return services.AddOptions<T>();
    }

    private static IConfigurationRoot WithValues(IConfigurationSection section) =>
        new ConfigurationBuilder()
            .AddInMemoryCollection(section.AsEnumerable(makePathsRelative: true).Where(setting => !string.IsNullOrEmpty(setting.Value)))
            .Build();

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

/// <summary>
/// Which settings a section of ours has. The start refuses any other name in it: a mistyped setting would have no effect.
/// </summary>
/// <param name="Section">For example <c>Booking</c>, or <c>Accounts:Admin</c>.</param>
/// <param name="Values">The settings that are one value.</param>
/// <param name="Groups">The settings that are lists or have names of their own below them.</param>
public sealed record SettingNames(string Section, IReadOnlyCollection<string> Values, IReadOnlyCollection<string> Groups)
{
    /// <summary>The settings that the binder can fill.</summary>
    public static SettingNames Of<T>(string section)
    {
        var bound = typeof(T)
            .GetProperties(BindingFlags.Public | BindingFlags.Instance)
            .ToLookup(property => TypeDescriptor.GetConverter(property.PropertyType).CanConvertFrom(typeof(string)));
        return new(
            section,
            [.. bound[true].Where(property => property.SetMethod?.IsPublic == true).Select(property => property.Name)],
            [.. bound[false].Select(property => property.Name)]
        );
    }
}
