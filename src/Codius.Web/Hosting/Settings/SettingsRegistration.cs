using Microsoft.Extensions.Options;

namespace Codius.Web.Hosting.Settings;

/// <summary>How every room declares its settings: bound strictly, checked at start, faults of all rooms told together.</summary>
internal static class SettingsRegistration
{
    /// <summary>
    /// Binds a section to its options class. A key that the class does not have is a fault (it would be a typo that changes
    /// nothing); range attributes are checked, and every further <see cref="IValidateOptions{TOptions}"/> the room registers.
    /// </summary>
    public static OptionsBuilder<T> AddSettings<T>(this IServiceCollection services, string section) where T : class
    {
        services.AddSingleton(new SettingsCheck(section, provider => _ = provider.GetRequiredService<IOptions<T>>().Value));
        services.AddSingleton<IValidateOptions<T>>(new AttributeRules<T>(section));
        return services.AddOptions<T>().BindConfiguration(section, binder => binder.ErrorOnUnknownConfiguration = true);
    }
}
