using Microsoft.Extensions.Options;

namespace Codius.Web.Hosting.Settings;

/// <summary>How every room declares its settings: bound strictly, checked at start, faults of all rooms told together.</summary>
internal static class SettingsRegistration
{
    /// <summary>
    /// Binds a section to its options class. A key that the class does not have is a fault (<see cref="UnknownSettings"/>); range
    /// attributes are checked, and every further <see cref="IValidateOptions{TOptions}"/> the room registers.
    /// </summary>
    public static OptionsBuilder<T> AddSettings<T>(this IServiceCollection services, string section) where T : class
    {
        services.AddSingleton(new SettingsCheck(section, typeof(T), provider => _ = provider.GetRequiredService<IOptions<T>>().Value));
        services.AddSingleton<IValidateOptions<T>>(new AttributeOptionsValidator<T>(section));
        return services.AddOptions<T>().BindConfiguration(section);
    }

    /// <summary>A key of earlier versions: a fault that names the one it has now.</summary>
    public static IServiceCollection AddRetiredSetting(this IServiceCollection services, string key, string now) =>
        services.AddSingleton(new RetiredSetting(key, now));
}
