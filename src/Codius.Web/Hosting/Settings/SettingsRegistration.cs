using Microsoft.Extensions.Options;

namespace Codius.Web.Hosting.Settings;

/// <summary>Registers settings: bound strictly, validated at start, all faults reported together.</summary>
internal static class SettingsRegistration
{
    /// <summary>
    /// Binds a section to its options class. A key that the class does not have is a fault (<see cref="UnknownSettings"/>); attributes
    /// are validated, and so is every registered <see cref="IValidateOptions{TOptions}"/>.
    /// </summary>
    public static OptionsBuilder<T> AddSettings<T>(this IServiceCollection services, string section) where T : class
    {
        services.AddSingleton(new SettingsCheck(section, typeof(T), provider => _ = provider.GetRequiredService<IOptions<T>>().Value));
        services.AddSingleton<IValidateOptions<T>>(new AttributeOptionsValidator<T>(section));
        return services.AddOptions<T>().BindConfiguration(section);
    }

    /// <summary>Registers a key of earlier versions: using it is a fault that names the current key.</summary>
    public static IServiceCollection AddRetiredSetting(this IServiceCollection services, string key, string now) =>
        services.AddSingleton(new RetiredSetting(key, now));
}
