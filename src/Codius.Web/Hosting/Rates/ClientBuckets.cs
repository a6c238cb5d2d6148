using Codius.Shared;

namespace Codius.Web.Hosting.Rates;

/// <summary>
/// A bucket per client and subject, and one for all IPv6 clients of a /48 together: whoever has a /48 has 65,536 networks of /64, which
/// are all clients of their own. Memory is bounded, see <see cref="TokenBuckets{TKey}"/>.
/// </summary>
/// <param name="time">The clock.</param>
/// <param name="rate">The usual rate of one client.</param>
/// <param name="tracked">Clients of one generation.</param>
internal sealed class ClientBuckets(TimeProvider time, BucketRate rate, int tracked = 16_384)
{
    /// <summary>How many clients' rates one /48 may use: such a network may be a mobile carrier's, whose phones have a /64 each.</summary>
    public const int ClientsPerSite = 64;

    private readonly TokenBuckets<Key> _clients = new(time, rate.PerSecond, rate.Burst, tracked);
    private readonly TokenBuckets<Key> _sites = new(time, rate.PerSecond, rate.Burst, tracked);

    /// <summary>Keys remembered now.</summary>
    public int Remembered => _clients.Remembered + _sites.Remembered;

    /// <summary>Acquires one token; false, with the time until there is one, if the client or its /48 has none left.</summary>
    /// <param name="client">The client.</param>
    /// <param name="subject">What the client's rate is for, such as an endpoint or an app.</param>
    /// <param name="rate">The rate; a client with another rate has another bucket for the subject.</param>
    /// <param name="longest">How long the caller would wait for its turn.</param>
    /// <param name="wait">How long it must wait; if it got none, until there would be one.</param>
    public bool TryAcquire(ClientNetwork client, string subject, BucketRate rate, TimeSpan longest, out TimeSpan wait)
    {
        var site = new Key(client.Site ?? client, subject, rate);
        // The site first: a flood from ever new networks of one /48 then neither fills the memory nor resets others' buckets.
        if (client.Site is not null && !_sites.TryAcquire(site, OfSite(rate), TimeSpan.Zero, out wait)) return false;
        if (_clients.TryAcquire(new Key(client, subject, rate), rate, longest, out wait)) return true;
        if (client.Site is not null) _sites.Return(site, OfSite(rate));
        return false;
    }

    /// <summary>Puts a token back whose caller did not wait for it.</summary>
    public void Return(ClientNetwork client, string subject, BucketRate rate)
    {
        _clients.Return(new Key(client, subject, rate), rate);
        if (client.Site is { } site) _sites.Return(new Key(site, subject, rate), OfSite(rate));
    }

    private static BucketRate OfSite(BucketRate rate) => new(OfSite(rate.PerSecond), OfSite(rate.Burst));

    private static int OfSite(int limit) => (int)Math.Min((long)limit * ClientsPerSite, int.MaxValue);

    private readonly record struct Key(ClientNetwork Client, string Subject, BucketRate Rate);
}
