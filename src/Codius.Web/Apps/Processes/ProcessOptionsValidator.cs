using Codius.Web.Apps.Processes.Running;
using Codius.Web.Hosting.Settings;
using Microsoft.Extensions.Options;

namespace Codius.Web.Apps.Processes;

/// <summary>Validates the process engine's settings: finds images that can never start before the first visit does.</summary>
internal sealed class ProcessOptionsValidator(IHostEnvironment environment) : IValidateOptions<AppOptions>
{
    private static readonly AttributeOptionsValidator<ProcessOptions> Attributes = new(ProcessOptions.Section);

    public ValidateOptionsResult Validate(string? name, AppOptions options)
    {
        string[] faults =
            [.. Attributes.Validate(name, options.Processes).Failures ?? [], .. Faults(options.Processes), .. UserFaults(options)];
        return faults.Length == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(faults);
    }

    /// <summary>Where no image is listed nothing can run.</summary>
    private IEnumerable<string> UserFaults(AppOptions options)
    {
        var processes = options.Processes;
        if (options.Engine != AppEngine.Processes || processes.Images.Count == 0 || processes.ShareGatewaysUser) yield break;
        if (environment.IsProduction() && !new AppUsers(AppUsers.FirstIdOf(processes, environment)).AreApart)
            yield return $"{ProcessOptions.Section}:FirstUserId: apps would run as the gateway's own user, and could read its secrets and "
                + "balances. Run the gateway as root, where setpriv (util-linux) can make them users of their own, or say "
                + $"{ProcessOptions.Section}:ShareGatewaysUser=true: only for apps that you trust.";
    }

    private static IEnumerable<string> Faults(ProcessOptions options)
    {
        foreach (var (key, image) in options.Images)
        {
            if (image.Command.Length == 0)
                yield return $"{ProcessOptions.Section}:Images:{key}:Command: is missing; name the program that runs this image.";
            if (image.WorkingDirectory is { } folder && !Directory.Exists(folder))
                yield return $"{ProcessOptions.Section}:Images:{key}:WorkingDirectory: there is no folder {folder}.";
        }
        foreach (var twice in options.Images.GroupBy(pair => pair.Value.Image ?? pair.Key, StringComparer.Ordinal)
            .Where(group => group.Count() > 1))
            yield return $"{ProcessOptions.Section}:Images: names the image '{twice.Key}' more than once.";
    }
}
