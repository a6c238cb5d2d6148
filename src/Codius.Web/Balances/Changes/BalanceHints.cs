using System.Collections.Concurrent;
using Codius.Web.Balances.Storage;
using Codius.Web.Hosting.Supervision;
using StackExchange.Redis;

namespace Codius.Web.Balances.Changes;

/// <summary>Publishes that an account changed: to watchers in this gateway at once, to other gateways through the store.</summary>
internal sealed class BalanceHints(RedisStore store, Supervisor supervisor, TimeProvider time)
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(250);
    private static readonly TimeSpan PauseOfSpending = TimeSpan.FromSeconds(4);
    private const int MostRemembered = 10_000;

    private readonly SupervisedWork _publishing = supervisor.Work("balance hints");
    private readonly SupervisedWork _listening = supervisor.Work("balance listeners");
    private readonly ISubscriber _subscriber = store.Connection.GetSubscriber();
    private readonly ConcurrentDictionary<AccountId, long> _publishedAt = new();
    private readonly ConcurrentDictionary<AccountId, Listening> _listeners = new();
    private readonly RedisValue _self = Guid.NewGuid().ToString("N");

    /// <summary>
    /// Publishes at most four times a second to other gateways; their periodic reading makes up for a hint that is left out or lost.
    /// </summary>
    public void Changed(AccountId account)
    {
        if (_listeners.TryGetValue(account, out var listener)) _listening.Try(listener.Changed);
        Publish(account, Pause);
    }

    /// <summary>
    /// The same for what visits spend, every four seconds: that changes as long as there are visits, every node of a Redis Cluster gets
    /// each message, and other gateways read an account that is watched every two seconds while it changes. Watchers in this gateway are
    /// told what is left.
    /// </summary>
    /// <param name="account">The account.</param>
    /// <param name="funds">What the store says that it can still pay.</param>
    /// <param name="askedAt">A timestamp from before the store was asked.</param>
    public void Spent(AccountId account, ulong funds, long askedAt)
    {
        if (_listeners.TryGetValue(account, out var listener)) _listening.Raise(listener.Told, funds, askedAt);
        Publish(account, PauseOfSpending);
    }

    private void Publish(AccountId account, TimeSpan pause)
    {
        var now = time.GetTimestamp();
        var known = _publishedAt.TryGetValue(account, out var last);
        if (known && time.GetElapsedTime(last, now) < pause) return;
        if (!known && _publishedAt.Count >= MostRemembered) _publishedAt.Clear(); // Count takes all of its locks
        _publishedAt[account] = now;
        // The money has moved already: even if publishing fails, the caller must get the ledger's answer.
        _ = _publishing.TryAsync(
            () => _subscriber.PublishAsync(BalanceKeys.Changes(account), _self, CommandFlags.FireAndForget));
    }

    /// <summary>Calls back until disposed.</summary>
    /// <param name="account">The account.</param>
    /// <param name="changed">Called on each change, made by whichever gateway, of which no more is known.</param>
    /// <param name="told">Called with the funds that visits of this gateway have left, and when the store was asked.</param>
    public IDisposable Listen(AccountId account, Action changed, Action<ulong, long> told) => new Listening(this, account, changed, told);

    /// <summary>Calls back with each account that changed, in whichever gateway, until disposed.</summary>
    public IDisposable ListenToAll(Action<AccountId> changed) =>
        new ListeningToAll(_subscriber, account => _listening.Raise(changed, account));

    /// <summary>One listener to all accounts and its subscription.</summary>
    private sealed class ListeningToAll : IDisposable
    {
        private readonly ISubscriber _subscriber;
        private readonly Action<RedisChannel, RedisValue> _handler;

        public ListeningToAll(ISubscriber subscriber, Action<AccountId> changed)
        {
            _subscriber = subscriber;
            _handler = (channel, _) =>
            {
                if (BalanceKeys.TryReadAccount(channel, out var account)) changed(account);
            };
            subscriber.Subscribe(BalanceKeys.AllChanges, _handler, CommandFlags.FireAndForget);
        }

        public void Dispose() => _subscriber.Unsubscribe(BalanceKeys.AllChanges, _handler, CommandFlags.FireAndForget);
    }

    /// <summary>One account's listener and its subscription.</summary>
    private sealed class Listening : IDisposable
    {
        private readonly BalanceHints _hints;
        private readonly AccountId _account;
        private readonly Action<RedisChannel, RedisValue> _handler;

        public Listening(BalanceHints hints, AccountId account, Action changed, Action<ulong, long> told)
        {
            (_hints, _account, Changed, Told) = (hints, account, changed, told);
            // What this gateway published, its listeners know already.
            _handler = (_, from) =>
            {
                if (from != hints._self) hints._listening.Try(changed);
            };
            hints._listeners[account] = this;
            hints._subscriber.Subscribe(BalanceKeys.Changes(account), _handler, CommandFlags.FireAndForget);
        }

        public Action Changed { get; }

        public Action<ulong, long> Told { get; }

        public void Dispose()
        {
            // Only its own entry: the account may have a new listener already.
            _hints._listeners.TryRemove(KeyValuePair.Create(_account, this));
            _hints._subscriber.Unsubscribe(BalanceKeys.Changes(_account), _handler, CommandFlags.FireAndForget);
        }
    }
}
