using System.Globalization;
using k8s.Models;

namespace Codius.Web.Apps.Kubernetes.Objects;

/// <summary>
/// Divides what a pod may use equally among its containers, the remainder to the first: an hour awake has one price, so it buys one
/// share of the machine.
/// </summary>
internal static class ResourceShares
{
    private const decimal Millicore = 0.001m;
    private const decimal Byte = 1m;

    /// <summary>The share of one container (from 0) of so many.</summary>
    public static V1ResourceRequirements Of(ResourceOptions pod, int index, int count) => new()
    {
        Requests = new Dictionary<string, ResourceQuantity>
        {
            ["cpu"] = Cpu(pod.CpuRequest, index, count),
            ["memory"] = Bytes(pod.MemoryRequest, index, count),
        },
        Limits = new Dictionary<string, ResourceQuantity>
        {
            ["cpu"] = Cpu(pod.CpuLimit, index, count),
            ["memory"] = Bytes(pod.MemoryLimit, index, count),
            ["ephemeral-storage"] = Bytes(pod.StorageLimit, index, count),
        },
    };

    private static ResourceQuantity Cpu(string text, int index, int count) => Divide(text, Millicore, "m", index, count);

    private static ResourceQuantity Bytes(string text, int index, int count) => Divide(text, Byte, "", index, count);

    private static ResourceQuantity Divide(string text, decimal unit, string suffix, int index, int count)
    {
        // As written: so a new release changes no pod that has one container.
        if (count == 1) return new ResourceQuantity(text);
        var units = decimal.Floor(new ResourceQuantity(text).ToDecimal() / unit);
        var each = decimal.Floor(units / count);
        var share = index == 0 ? units - each * (count - 1) : each;
        // A limit of 0 would be none.
        return new ResourceQuantity(decimal.Max(1, share).ToString("0", CultureInfo.InvariantCulture) + suffix);
    }
}
