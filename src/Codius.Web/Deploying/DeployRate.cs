using Codius.Shared;
using Codius.Web.Balances;
using Codius.Web.Hosting.Rates;

namespace Codius.Web.Deploying;

/// <summary>
/// How often one owner may change apps, by <c>PUT</c> and by kubectl together. A change of annotations alone is free, and every gateway
/// then reads the app again and shows all apps anew.
/// </summary>
internal sealed class DeployRate(LiveGateways gateways, TimeProvider time)
{
    private static readonly BucketRate Rate = new(PerSecond: 1, Burst: 20);

    private readonly TokenBuckets<AccountId> _owners = new(time, Rate.PerSecond, Rate.Burst);

    /// <summary>False, with the time until it may, if the owner changed apps too often.</summary>
    public bool TryEnter(AccountId owner, out TimeSpan wait) =>
        _owners.TryAcquire(owner, gateways.ShareOf(Rate), TimeSpan.Zero, out wait);
}
