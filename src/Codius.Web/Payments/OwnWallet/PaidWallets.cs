using System.Net;
using Codius.Shared;

namespace Codius.Web.Payments.OwnWallet;

/// <summary>
/// Which visitors have paid from which wallets' hosts, of late. Whoever has a domain has any number of wallets that say they paid: one
/// party adds only a few at a time, and so does not push out the others.
/// </summary>
internal sealed class PaidWallets(TimeProvider time)
{
    private const int Payers = 5_000;
    private static readonly BucketRate PerParty = new(1, 20, Seconds: 60);

    private readonly RecentlyUsed<(ClientNetwork Visitor, string Host), bool> _paid = new(Payers);
    private readonly TokenBuckets<ClientNetwork> _parties = new(time, PerParty.PerSecond, PerParty.Burst);

    public bool HasPaid(IPAddress? visitor, string host) => _paid.TryGet((ClientNetwork.Of(visitor), host), out _);

    /// <param name="visitor">Who paid.</param>
    /// <param name="host">The host that took the order to pay. Whose wallet it is, is only what some document says.</param>
    public void Add(IPAddress? visitor, string host)
    {
        var payer = ClientNetwork.Of(visitor);
        if (HasPaid(visitor, host) || !_parties.TryAcquire(payer.Party, PerParty, TimeSpan.Zero, out _)) return;
        _paid.GetOrAdd((payer, host), _ => true);
    }
}
