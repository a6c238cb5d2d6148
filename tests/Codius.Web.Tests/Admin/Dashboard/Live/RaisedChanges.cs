using Codius.Web.Balances;

namespace Codius.Web.Tests.Admin.Dashboard.Live;

/// <summary>Changes of accounts that the test raises.</summary>
internal sealed class RaisedChanges : IBalanceChanges
{
    private volatile Action<AccountId>? _heard;

    public bool IsHeard => _heard is not null;

    public void Raise(string app) => _heard?.Invoke(AccountId.OfApp(app));

    public IDisposable Listen(Action<AccountId> changed)
    {
        _heard = changed;
        return new Listening(this);
    }

    public IAsyncEnumerable<ulong> WatchAsync(AccountId account, CancellationToken cancellation) => throw new NotSupportedException();

    private sealed class Listening(RaisedChanges changes) : IDisposable
    {
        public void Dispose() => changes._heard = null;
    }
}
