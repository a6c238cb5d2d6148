using Codius.Testing;
using Codius.Testing.Stores;
using Codius.Web.Balances;

namespace Codius.Web.JourneyTests.Faults;

/// <summary>What the ledger says of an account, and what its payer was told.</summary>
internal readonly record struct AccountBook(Balance Balance, ulong Paid, int Packets, int Repeats)
{
    /// <summary>Reads the books again and again while faults last: they add up at every instant.</summary>
    public static async Task WatchAsync(RedisServer redis, IReadOnlyList<Payer> payers, CancellationToken stop)
    {
        using var store = LedgerStore.OnRedis(redis);
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(50), TimeProvider.System);
        while (!stop.IsCancellationRequested)
        {
            await timer.WaitForNextTickAsync(CancellationToken.None);
            try
            {
                foreach (var payer in payers) (await ReadAsync(store, payer)).AssertAddsUp();
            }
            catch (LedgerUnavailableException)
            {
                // The fault.
            }
        }
    }

    /// <summary>Reads the books of all accounts until none has units that are leased.</summary>
    public static async Task<AccountBook[]> SettledAsync(RedisServer redis, IReadOnlyList<Payer> payers, TimeSpan patience)
    {
        using var store = LedgerStore.OnRedis(redis);
        AccountBook[] books = [];
        await Eventually.TrueAsync("no unit is leased", async () =>
        {
            // A killed gateway's lease is returned by the next script of the account after it has expired.
            foreach (var payer in payers) await payer.PayAsync(1);
            books = await Task.WhenAll(payers.Select(payer => ReadAsync(store, payer)));
            foreach (var book in books) book.AssertAddsUp();
            return books.All(book => book.Balance.Leased == 0) ? true : (bool?)null;
        }, patience);
        return books;
    }

    private static async Task<AccountBook> ReadAsync(LedgerStore store, Payer payer) => new(
        await store.Ledger.ReadAsync(payer.Account, FaultStage.Stop) ?? default, payer.Paid, payer.Packets, payer.Repeats);

    private void AssertAddsUp() => Assert.Equal(Balance.Credited, Balance.Available + Balance.Spent + Balance.Leased);
}
