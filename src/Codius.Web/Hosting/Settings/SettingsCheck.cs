using Microsoft.Extensions.Options;

namespace Codius.Web.Hosting.Settings;

/// <summary>One section whose options are built, and thereby checked, before anything runs.</summary>
internal sealed record SettingsCheck(string Section, Action<IServiceProvider> Build)
{
    /// <summary>Builds the options of all sections.</summary>
    /// <exception cref="StartupFaultException">With the faults of all of them.</exception>
    public static void All(IServiceCollection services)
    {
        // A container of its own: the program's would already start Kestrel with settings nobody has checked.
        // Only options and their rules are made from it.
        using var provider = services.BuildServiceProvider();
        var faults = new List<string>();
        foreach (var check in provider.GetServices<SettingsCheck>())
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
                faults.Add(InPlainWords(check.Section, unreadable));
            }
        }
        if (faults.Count > 0) throw new StartupFaultException([.. faults.Distinct()]);
    }

    private static string InPlainWords(string section, InvalidOperationException unreadable)
    {
        // "'ErrorOnUnknownConfiguration' was set ..., but the following properties were not found on the instance of ...: 'Prt'"
        var unknown = unreadable.Message.LastIndexOf(": '", StringComparison.Ordinal);
        return unreadable.Message.Contains("ErrorOnUnknownConfiguration", StringComparison.Ordinal) && unknown > 0
            ? $"{section}: there is no setting {unreadable.Message[(unknown + 2)..]}. appsettings.json has all there are."
            : $"{section}: {unreadable.Message} {unreadable.InnerException?.Message}".TrimEnd();
    }
}
