using Codius.Shared;

namespace Codius.Web.Hosting.Rates;

/// <summary>
/// How many gateways serve this host now. A limit holds for the host, so each gateway enforces its share of it: who spreads requests
/// over all of them gets no more than the limit, and who stays with one gets that gateway's share.
/// </summary>
internal sealed class LiveGateways
{
    private int _count = 1;

    /// <summary>At least 1: this gateway.</summary>
    public int Count
    {
        get => Volatile.Read(ref _count);
        set => Volatile.Write(ref _count, Math.Max(1, value));
    }

    /// <summary>This gateway's share of a limit of the host, rounded up: at least 1, unless the limit is 0.</summary>
    public int ShareOf(int limit) => BucketRate.PartOf(limit, Count);

    /// <summary>This gateway's share of a rate; a bucket takes about as long to fill as the host's would.</summary>
    public BucketRate ShareOf(BucketRate rate) => rate.ShareOf(Count);
}
