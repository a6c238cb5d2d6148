using Microsoft.Extensions.Options;

namespace Codius.Web.Hosting.Settings;

/// <summary>One section whose options are built, and thereby validated, before anything runs.</summary>
internal sealed record SettingsCheck(string Section, Type Options, Action<IServiceProvider> Build)
{
    /// <summary>Builds the options of all sections.</summary>
    /// <exception cref="StartupFaultException">With the faults of all of them.</exception>
    public static void All(IServiceCollection services)
    {
        // A separate container: the program's would already configure Kestrel with settings that are not validated. Only options and
        // their validators are created from it.
        using var provider = services.BuildServiceProvider();
        var checks = provider.GetServices<SettingsCheck>().ToArray();
        var known = KnownSetting.Of(checks.Select(check => (check.Section, check.Options)));
        var faults = new UnknownSettings(known, provider.GetServices<RetiredSetting>())
            .FaultsOf((IConfigurationRoot)provider.GetRequiredService<IConfiguration>()).ToList();
        foreach (var check in checks)
        {
            try
            {
                check.Build(provider);
            }
            catch (OptionsValidationException wrong)
            {
                faults.AddRange(wrong.Failures);
            }
            catch (InvalidOperationException unreadable)
            {
                faults.Add($"{check.Section}: {unreadable.Message} {unreadable.InnerException?.Message}".TrimEnd());
            }
        }
        if (faults.Count > 0) throw new StartupFaultException([.. faults.Distinct()]);
    }
}
