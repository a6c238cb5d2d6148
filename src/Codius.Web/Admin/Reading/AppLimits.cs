using Codius.Web.Apps;
using Codius.Web.Balances;
using Microsoft.Extensions.Options;

namespace Codius.Web.Admin.Reading;

/// <summary>What bounds an app.</summary>
/// <param name="OwnersMaxSpendPerHour">What its requests may cost in an hour by its owner's cap, in units; null for none.</param>
/// <param name="HostsMaxSpendPerHour">The same by the host's cap; the stricter one holds.</param>
/// <param name="SpentOfCap">What they did cost in the last hour, as gateways have settled it; null without a cap.</param>
/// <param name="Visits">What bounds its visits.</param>
/// <param name="AwakeAppsOfOwner">How many apps of its owner may be awake at a time; null for the host's own.</param>
/// <param name="Resources">What of the machines it may use.</param>
/// <param name="Quota">What all awake apps together use and may use; null for no bound, or while it is not known.</param>
internal sealed record AppLimits(
    ulong? OwnersMaxSpendPerHour, ulong? HostsMaxSpendPerHour, ulong? SpentOfCap, VisitLimits Visits, int? AwakeAppsOfOwner,
    AppResources Resources, IReadOnlyList<QuotaUse>? Quota);

/// <summary>Reads what bounds apps.</summary>
internal sealed class AppLimitsReader(
    SpendCapUse caps, IVisitLimits visits, IOptions<AppOptions> options, AppResources resources, IHostQuota quota)
{
    /// <exception cref="LedgerUnavailableException">The store is unavailable.</exception>
    public async Task<AppLimits> ReadAsync(HostedApp app) => new(
        app.MaxSpendPerHour, app.Steering?.MaxSpendPerHour, app.CapPerHour is null ? null : await caps.ReadAsync(app.Account),
        visits.Of(app), app.CountsWith is null ? null : options.Value.MaxAwakePerOwner, resources,
        await quota.ReadAsync());
}
