using System.Collections.Concurrent;
using Codius.Testing;
using Codius.Web.Apps;
using Codius.Web.Apps.Kubernetes.Catalog;
using Codius.Web.Balances;
using Microsoft.Extensions.Time.Testing;

namespace Codius.Web.Tests.Apps.Kubernetes.Catalog;

/// <summary>What the catalog sees of names is written, sooner or later.</summary>
public sealed class NameRecordsTests
{
    private static readonly AccountId Alice = AccountId.OfDeployToken("alice");

    [Fact]
    public async Task What_could_not_be_written_is_written_once_the_store_is_back()
    {
        var stop = TestContext.Current.CancellationToken;
        var (holds, time) = (new FakeHolds { IsAway = true }, new FakeTimeProvider());
        using var records = new NameRecords(holds, Supervised.By(time));
        await records.StartAsync(stop);

        records.Exists("first", Alice);
        records.Exists("second", Alice);
        records.Gone("second", Alice);
        await Eventually.TrueAsync("it was tried", () => holds.Tries > 0);
        Assert.Empty(holds.Written);
        holds.IsAway = false;

        await Eventually.TrueAsync("both are written", () =>
        {
            time.Advance(TimeSpan.FromSeconds(1));
            return holds.Written.Count == 2;
        });
        Assert.Equal(["exists first", "gone second"], holds.Written.Order());
        await records.StopAsync(stop);
    }

    private sealed class FakeHolds : INameHolds
    {
        private int _tries;

        public volatile bool IsAway;

        public ConcurrentQueue<string> Written { get; } = [];

        public int Tries => _tries;

        public ValueTask ExistsAsync(string name, AccountId? owner, CancellationToken cancellation) => Write($"exists {name}");

        public ValueTask GoneAsync(string name, AccountId? owner, CancellationToken cancellation) => Write($"gone {name}");

        public ValueTask<AccountId?> OwnerAsync(string name, CancellationToken cancellation) => throw new NotSupportedException();

        public ValueTask<AccountId?> ClaimAsync(string name, AccountId? owner, CancellationToken cancellation) =>
            throw new NotSupportedException();

        public ValueTask HoldAsync(string name, AccountId? owner, CancellationToken cancellation) => throw new NotSupportedException();

        public ValueTask HoldRecordedAsync(string name, CancellationToken cancellation) => throw new NotSupportedException();

        private ValueTask Write(string what)
        {
            Interlocked.Increment(ref _tries);
            if (IsAway) throw new AppStoreUnavailableException("away");
            Written.Enqueue(what);
            return ValueTask.CompletedTask;
        }
    }
}
