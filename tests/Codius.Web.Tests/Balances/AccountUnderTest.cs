using System.Security.Cryptography;
using Codius.Testing.Stores;
using Codius.Web.Balances;
using Codius.Web.Balances.Books;

namespace Codius.Web.Tests.Balances;

/// <summary>An account of one test, with short forms of the ledger's calls; checks the rule of conservation after each.</summary>
internal sealed class AccountUnderTest(LedgerStore store)
{
    /// <summary>With the last lease answer.</summary>
    public long StoreTime { get; private set; }

    public AccountId Id { get; } = AccountId.OfApp("a" + Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(8)));

    /// <summary>True if the test makes the account as it was before there were books.</summary>
    public bool BooksMayBegin { get; init; }

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public static PacketCredit Packet(AccountId account, ulong amount) => new(
        account, amount, RandomNumberGenerator.GetBytes(32), InSeconds(30), InSeconds(29));

    /// <summary>A new account that was paid so much.</summary>
    public static async Task<AccountUnderTest> PaidAsync(LedgerStore store, ulong amount)
    {
        var account = new AccountUnderTest(store);
        await account.PayAsync(amount);
        return account;
    }

    public static DateTimeOffset InSeconds(double seconds) => TimeProvider.System.GetUtcNow().AddSeconds(seconds);

    public async Task<CreditResult> PayAsync(ulong amount) => await CreditAsync(Packet(Id, amount));

    public Task<CreditResult> CreditAsync(PacketCredit credit) => CheckedAsync(store.Ledger.CreditAsync(credit, Stop));

    public Task<CreditResult> CreditAsync(ReceiptCredit credit) => CheckedAsync(store.Ledger.CreditAsync(credit, Stop));

    public Task<CreditResult> CreditAsync(WalletCredit credit) => CheckedAsync(store.Ledger.CreditAsync(credit, Stop));

    public Task<SpendResult> SpendAsync(ulong amount, string? id = null) => CheckedAsync(store.Ledger.SpendAsync(Id, amount, Stop, id));

    public Task<SpendResult> RefundAsync(ulong amount, string id) =>
        CheckedAsync(store.Ledger.RefundAsync(Id, amount, id, "a test", "a test", Stop));

    public Task<SpendResult> AdjustAsync(long change, string id) =>
        CheckedAsync(store.Ledger.AdjustAsync(Id, change, id, "a test", "a test", Stop));

    public Task<SpendResult> BookAsync(ulong amount, string writer, long sequence) =>
        CheckedAsync(store.Ledger.BookAsync(Id, amount, writer, sequence, Stop));

    public Task<SpendResult> ForfeitAsync(string id) => CheckedAsync(store.Ledger.ForfeitAsync(Id, id, "a test", Stop));

    public Task<RunningResult> BillAsync(
        ulong perHour, bool waking = false, ulong reserved = 0, bool earned = false, bool onlyOverdue = false, bool asleep = false) =>
        CheckedAsync(store.Ledger.BillRunningAsync(new RunningBill(Id, perHour, waking, reserved, earned, onlyOverdue, asleep), Stop));

    /// <summary>The wake ended well, or by the app's own fault.</summary>
    public Task<RunningResult> EarnAsync() => CheckedAsync(store.Ledger.EndWakeAsync(new WakeEnd(Id), Stop));

    public Task<RunningResult> GiveBackAsync(ulong perHour = 0, bool ran = false) =>
        CheckedAsync(store.Ledger.EndWakeAsync(new WakeEnd(Id, "a test", perHour, ran), Stop));

    public async Task<LeaseResult> LeaseAsync(
        string id, long sequence, ulong used = 0, ulong wanted = 0, ulong? least = null, ulong kept = 0, bool @return = false,
        TimeSpan? lifetime = null, ulong forwarded = 0, ulong? cap = null, ulong ahead = 0, ulong free = 0, int errors = 0)
    {
        var result = await CheckedAsync(store.Ledger.LeaseAsync(
            new LeaseRequest(
                Id, id, sequence, used, wanted, least ?? wanted, kept, @return, lifetime, forwarded, cap, Ahead: ahead, Free: free,
                FreeErrors: errors),
            Stop));
        Assert.InRange(result.MinuteEndsIn, 0, 60_000);
        StoreTime = result.StoreTime;
        return result with { MinuteEndsIn = 0, StoreTime = 0, Now = 0 };
    }

    /// <summary>The balance, straight from the hash, checked against the rule.</summary>
    public async Task<Balance?> BalanceAsync()
    {
        var balance = await ReadCheckedAsync();
        Assert.Equal(balance, await store.Ledger.ReadAsync(Id, Stop));
        return balance;
    }

    /// <summary>The balance, checked against the rule, while gateways change it.</summary>
    public async Task<Balance?> ReadCheckedAsync()
    {
        var fields = (await store.Database.HashGetAllAsync(BalanceKeys.Account(Id)))
            .ToDictionary(field => (string)field.Name!, field => (string)field.Value!);
        if (fields.Count == 0) return null;
        var forwarded = fields["forwarded"].Split(';', StringSplitOptions.RemoveEmptyEntries)
            .Aggregate(0UL, (sum, lease) => sum + ulong.Parse(lease.Split(',')[1]));
        var balance = new Balance(Units("credited"), Units("balance"), Units("spent"), Units("leased"), forwarded);
        Assert.True(balance.Forwarded <= balance.Leased, $"more is forwarded than leased: {balance}");
        Assert.True(
            (UInt128)balance.Credited == (UInt128)balance.Available + balance.Spent + balance.Leased,
            $"credited is not balance + spent + leased: {balance}");
        var held = fields["leases"].Split(';', StringSplitOptions.RemoveEmptyEntries).Select(lease => lease.Split(','))
            .Aggregate(0UL, (sum, lease) => sum + ulong.Parse(lease[1]) - ulong.Parse(lease[2]));
        Assert.Equal(held, balance.Leased);
        var books = BookSnapshot.OfTotals(fields["totals"], balance.Credited, balance.Spent, 0).Since(BookSnapshot.Zero);
        Assert.True(
            BooksMayBegin || books is { CreditedBefore: 0, SpentBefore: 0 } && books.Credited == balance.Credited
                && books.Spent == balance.Spent,
            $"the books are not what was credited and spent: {books}, {balance}");
        return balance;

        ulong Units(string field) => ulong.Parse(fields[field]);
    }

    /// <summary>Waits until the balance is as expected; the rule of conservation holds all the while.</summary>
    public async Task IsAsync(Balance expected)
    {
        Balance? last = null;
        await UntilAsync(async () => (last = await ReadCheckedAsync()) == expected, () => $"{expected}; it is {last}");
    }

    /// <summary>When the account's first lease expires, by the store's clock in milliseconds; 0 if there is none.</summary>
    public async Task<long> LeaseExpiryAsync()
    {
        var leases = (string?)await store.Database.HashGetAsync(BalanceKeys.Account(Id), "leases");
        return string.IsNullOrEmpty(leases) ? 0 : long.Parse(leases.Split(';')[0].Split(',')[4]);
    }

    /// <summary>Polls until the condition holds; a test that hangs reports what it waited for.</summary>
    public static async Task UntilAsync(Func<Task<bool>> holds, Func<string>? what = null)
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromMinutes(2));
        while (!await holds())
        {
            Stop.ThrowIfCancellationRequested();
            if (patience.IsCancellationRequested) Assert.Fail($"Waited in vain for {what?.Invoke() ?? "it"}");
        }
    }

    public async Task<DateTimeOffset> StoreTimeAsync()
    {
        var time = (string[])(await store.Database.ExecuteAsync("TIME"))!;
        return DateTimeOffset.FromUnixTimeMilliseconds(long.Parse(time[0]) * 1000 + long.Parse(time[1]) / 1000);
    }

    private async Task<T> CheckedAsync<T>(ValueTask<T> call)
    {
        var result = await call;
        Assert.True(store.Health.LastError is null, store.Health.LastError);
        await BalanceAsync();
        return result;
    }
}
