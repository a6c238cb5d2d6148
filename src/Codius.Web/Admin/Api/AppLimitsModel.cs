using Codius.Web.Admin.Reading;
using Codius.Web.Apps;
using Codius.Web.Hosting;

namespace Codius.Web.Admin.Api;

/// <summary>What bounds an app; null for no limit.</summary>
/// <param name="OwnersMaxSpendPerHour">What its requests may cost in an hour by its owner's cap.</param>
/// <param name="HostsMaxSpendPerHour">The same by the host's cap; the stricter one holds.</param>
/// <param name="SpentOfCap">What they did cost in the last hour, as gateways have settled it; null without a cap.</param>
/// <param name="RequestsPerSecond">Requests a second that one client may make, in the long run.</param>
/// <param name="RequestBurst">Requests that one client may make at once, after a rest.</param>
/// <param name="WaitingVisits">Requests that may wait at a gateway for it to wake.</param>
/// <param name="AwakeAppsOfOwner">How many apps of its owner may be awake at a time.</param>
/// <param name="Pods">How many pods or processes of one version may run.</param>
/// <param name="Containers">How many containers it may have.</param>
/// <param name="Cpu">Processor time of all of them, as a Kubernetes quantity.</param>
/// <param name="Memory">Memory, the same way.</param>
/// <param name="Storage">Files it may write, the same way.</param>
/// <param name="Quota">
/// What all awake apps together use, and may use: the resource quota of the apps' namespace; null also while it cannot be read.
/// </param>
internal sealed record AppLimitsModel(
    AmountModel? OwnersMaxSpendPerHour, AmountModel? HostsMaxSpendPerHour, AmountModel? SpentOfCap, int RequestsPerSecond,
    int RequestBurst, int WaitingVisits, int? AwakeAppsOfOwner, int Pods, int? Containers, string? Cpu, string? Memory, string? Storage,
    IReadOnlyList<QuotaUse>? Quota)
{
    public static AppLimitsModel Of(AppLimits limits, Asset asset) => new(
        AmountModel.Of(limits.OwnersMaxSpendPerHour, asset), AmountModel.Of(limits.HostsMaxSpendPerHour, asset),
        AmountModel.Of(limits.SpentOfCap, asset), limits.Visits.RequestsPerSecond, limits.Visits.RequestBurst, limits.Visits.Waiting,
        limits.AwakeAppsOfOwner, Pods: 1, limits.Resources.Containers, limits.Resources.Cpu, limits.Resources.Memory,
        limits.Resources.Storage, limits.Quota);
}
