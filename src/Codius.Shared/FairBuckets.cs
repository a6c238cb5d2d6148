namespace Codius.Shared;

/// <summary>
/// A token bucket for each of many subjects, such as accounts, which all callers share: one party (see <see cref="ClientNetwork.Party"/>)
/// has a rate of its own at a subject, and half of the subject's tokens are kept for parties that ask seldom. So neither one party nor a
/// few that ask much can have others refused.
/// </summary>
/// <param name="time">The clock.</param>
/// <param name="whole">Tokens of one subject, for all parties together.</param>
/// <param name="perParty">The most that one party may use of them.</param>
/// <param name="seldom">A party that asks no more often has the kept half, beside the other one.</param>
/// <param name="tracked">Subjects of one generation, see <see cref="TokenBuckets{TKey}"/>.</param>
internal sealed class FairBuckets<TSubject>(
    TimeProvider time, BucketRate whole, BucketRate perParty, BucketRate seldom, int tracked = 16_384) where TSubject : notnull
{
    private readonly TokenBuckets<(ClientNetwork Party, TSubject Subject)> _parties = new(time, perParty.PerSecond, perParty.Burst);
    private readonly TokenBuckets<(ClientNetwork Party, TSubject Subject)> _seldom = new(time, seldom.PerSecond, seldom.Burst);
    private readonly TokenBuckets<TSubject> _kept = new(time, whole.PerSecond, whole.Burst, tracked);
    private readonly TokenBuckets<TSubject> _open = new(time, whole.PerSecond, whole.Burst, tracked);

    /// <summary>Acquires one token; false, with the time until there is one, if the party or the subject has none left.</summary>
    /// <param name="client">Who asks.</param>
    /// <param name="subject">For what.</param>
    /// <param name="servers">How many servers share the rates; at least 1.</param>
    /// <param name="wait">If it got none, the time until there would be one.</param>
    public bool TryAcquire(ClientNetwork client, TSubject subject, int servers, out TimeSpan wait)
    {
        var party = (client.Party, subject);
        var half = whole.Part(2).ShareOf(servers);
        if (!_parties.TryAcquire(party, perParty.ShareOf(servers), TimeSpan.Zero, out wait)) return false;
        if (_seldom.TryAcquire(party, seldom.ShareOf(servers), TimeSpan.Zero, out _)
            && _kept.TryAcquire(subject, half, TimeSpan.Zero, out _)) return true;
        if (_open.TryAcquire(subject, half, TimeSpan.Zero, out wait)) return true;
        _parties.Return(party, perParty.ShareOf(servers));
        return false;
    }
}
