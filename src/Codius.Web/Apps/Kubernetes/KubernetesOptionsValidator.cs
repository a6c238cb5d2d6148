using System.Net;
using k8s.Models;
using Microsoft.Extensions.Options;

namespace Codius.Web.Apps.Kubernetes;

/// <summary>Validates the settings of Kubernetes at start, unless apps run as processes.</summary>
internal sealed class KubernetesOptionsValidator(IOptions<AppOptions> apps, IHostEnvironment environment)
    : IValidateOptions<KubernetesOptions>
{
    private const decimal LeastMemory = 16 * 1024 * 1024;
    private const decimal LeastCpu = 0.01m;

    public ValidateOptionsResult Validate(string? name, KubernetesOptions options)
    {
        if (apps.Value.Engine != AppEngine.Kubernetes) return ValidateOptionsResult.Success;
        var faults = Faults(options).ToArray();
        return faults.Length > 0 ? ValidateOptionsResult.Fail(faults) : ValidateOptionsResult.Success;
    }

    private IEnumerable<string> Faults(KubernetesOptions options)
    {
        if (environment.IsProduction() && string.IsNullOrEmpty(options.RuntimeClassName))
            yield return "Kubernetes:RuntimeClassName: is missing. Apps are programs of strangers: name a RuntimeClass that keeps them "
                + "apart (kata), or say none.";
        foreach (var resolver in options.Resolvers.Where(resolver => !IPAddress.TryParse(resolver, out _)))
            yield return $"Kubernetes:Resolvers: '{resolver}' is not an IP address.";
        foreach (var target in options.MustNotReach.Where(target => !IPEndPoint.TryParse(target, out var parsed) || parsed.Port == 0))
            yield return $"{KubernetesOptions.Section}:MustNotReach: '{target}' is not an IP address with a port, such as "
                + "203.0.113.7:10250 or [2001:db8::7]:10250.";
        string[] unreadable =
        [
            .. Quantities(options.Resources).Where(quantity => !IsQuantity(quantity.Text)).Select(quantity =>
                $"{ResourceOptions.Section}:{quantity.Key}: '{quantity.Text}' is not a quantity, such as 500m or 256Mi."),
        ];
        foreach (var fault in unreadable.Length > 0 ? unreadable : TooSmall(options.Resources)) yield return fault;
    }

    private static IEnumerable<string> TooSmall(ResourceOptions resources)
    {
        if (new ResourceQuantity(resources.MemoryLimit).ToDecimal() / resources.MaxContainers < LeastMemory)
            yield return $"{ResourceOptions.Section}:MemoryLimit: is shared by up to {resources.MaxContainers} containers (MaxContainers), "
                + "and no container runs with less than 16Mi.";
        if (new ResourceQuantity(resources.CpuLimit).ToDecimal() / resources.MaxContainers < LeastCpu)
            yield return $"{ResourceOptions.Section}:CpuLimit: is shared by up to {resources.MaxContainers} containers (MaxContainers), "
                + "and no container runs with less than 10m.";
    }

    private static IEnumerable<(string Key, string Text)> Quantities(ResourceOptions resources) =>
    [
        (nameof(resources.CpuRequest), resources.CpuRequest), (nameof(resources.CpuLimit), resources.CpuLimit),
        (nameof(resources.MemoryRequest), resources.MemoryRequest), (nameof(resources.MemoryLimit), resources.MemoryLimit),
        (nameof(resources.StorageLimit), resources.StorageLimit),
    ];

    private static bool IsQuantity(string text)
    {
        try
        {
            _ = new ResourceQuantity(text).ToDecimal();
            return true;
        }
        catch (Exception broken) when (broken is FormatException or ArgumentException or OverflowException)
        {
            return false;
        }
    }
}
