using System.Net;

namespace OpenPayments.Net.Grants;

/// <summary>
/// Remembers cancelled grants in this process's memory, if the program adds no store of its own: enough for one server that seldom
/// restarts. Of more than it keeps, the one cancelled first is forgotten: its key's holder can use it again until it ends.
/// </summary>
internal sealed class InMemoryCancelledGrants(TimeProvider time) : ICancelledGrants
{
    private const int MaxKept = 100_000;
    private readonly Lock _lock = new();
    private readonly Dictionary<string, DateTimeOffset> _until = new(StringComparer.Ordinal);
    private readonly Queue<string> _order = new();

    public ValueTask<bool> IsCancelledAsync(string grantId, string tokenId, CancellationToken cancellation)
    {
        lock (_lock) return ValueTask.FromResult(IsCancelled(grantId) || IsCancelled(tokenId));
    }

    public ValueTask<bool> CancelAsync(string id, DateTimeOffset until, IPAddress? from, CancellationToken cancellation)
    {
        lock (_lock)
        {
            if (!_until.TryAdd(id, until)) return ValueTask.FromResult(false);
            _order.Enqueue(id);
            if (_order.Count > MaxKept) _until.Remove(_order.Dequeue());
            return ValueTask.FromResult(true);
        }
    }

    private bool IsCancelled(string id) => _until.TryGetValue(id, out var until) && until > time.GetUtcNow();
}
