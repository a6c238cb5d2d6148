namespace OpenPayments.Net.Grants;

/// <summary>
/// Remembers cancelled grants in this process's memory, if the program adds no store of its own: enough for one server that seldom
/// restarts.
/// </summary>
internal sealed class InMemoryCancelledGrants(TimeProvider time) : ICancelledGrants
{
    private const int MaxKept = 100_000;
    private readonly Lock _lock = new();
    private readonly Dictionary<string, DateTimeOffset> _until = new(StringComparer.Ordinal);

    public ValueTask<bool> IsCancelledAsync(string grantId, string tokenId, CancellationToken cancellation)
    {
        lock (_lock) return ValueTask.FromResult(_until.ContainsKey(grantId) || _until.ContainsKey(tokenId));
    }

    public ValueTask<bool> CancelAsync(string id, DateTimeOffset until, CancellationToken cancellation)
    {
        lock (_lock)
        {
            if (_until.Count >= MaxKept)
                foreach (var (ended, _) in _until.Where(kept => kept.Value <= time.GetUtcNow()).ToArray()) _until.Remove(ended);
            if (_until.Count >= MaxKept) throw new OpenPaymentsUnavailableException("Too many grants were cancelled lately.");
            return ValueTask.FromResult(_until.TryAdd(id, until));
        }
    }
}
