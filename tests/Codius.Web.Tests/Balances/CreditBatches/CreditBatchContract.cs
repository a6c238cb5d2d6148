using System.Security.Cryptography;
using System.Text;
using Codius.Web.Balances;
using Codius.Web.Balances.Incoming;
using CsCheck;

namespace Codius.Web.Tests.Balances.CreditBatches;

/// <summary>Credits of one account that come at once, on every kind of store: they end as those that come one after another.</summary>
public abstract class CreditBatchContract(StoreFixture fixture)
{
    private const int MostPayments = 2;

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    private static Gen<ulong> Amount { get; } = Gen.Frequency(
        (8, Gen.ULong[1, 40]), (2, Gen.ULong[1, 1_000_000_000_000_000]), (1, Gen.ULong[long.MaxValue - 60UL, long.MaxValue]),
        (1, Gen.ULong[1, ulong.MaxValue]));

    private static Gen<Payment> Any { get; } =
        Gen.Select(Gen.Int[0, 6], Amount, Gen.Int[0, 9]).Select((kind, amount, which) => new Payment(kind, amount, which));

    [Fact]
    public Task Credits_that_come_together_end_as_those_that_come_one_by_one() =>
        Any.List[1, 100].SampleAsync(EndTheSameAsync, iter: 60, threads: 1);

    [Fact]
    public async Task More_credits_than_one_script_has_are_all_counted_once_in_their_order()
    {
        var account = new AccountUnderTest(fixture.Store);
        var packets = Enumerable.Range(0, 1000).Select(_ => AccountUnderTest.Packet(account.Id, 1)).ToArray();

        var results = await Task.WhenAll(packets.Concat(packets).Select(packet => fixture.Store.Ledger.CreditAsync(packet, Stop).AsTask()));

        Assert.Equal(Enumerable.Range(1, 1000).Select(funds => new CreditResult(CreditOutcome.Credited, 1, (ulong)funds)), results[..1000]);
        Assert.All(results[1000..], result => Assert.Equal(new CreditResult(CreditOutcome.AlreadyCounted, 0, 1000), result));
        Assert.Equal(new Balance(1000, 1000, 0, 0), await account.BalanceAsync());
    }

    [Fact]
    public async Task Credits_of_many_accounts_that_come_together_are_each_counted_once_in_the_order_of_their_account()
    {
        var accounts = Enumerable.Range(0, 40).Select(_ => new AccountUnderTest(fixture.Store)).ToArray();
        // Of each account another number, some more than a script has.
        var packets = accounts
            .SelectMany((account, i) => Enumerable.Range(0, i < 2 ? 100 : i).Select(_ => AccountUnderTest.Packet(account.Id, 1))).ToArray();

        var results = await Task.WhenAll(packets.Concat(packets).Select(packet => fixture.Store.Ledger.CreditAsync(packet, Stop).AsTask()));

        var before = 0;
        for (var i = 0; i < accounts.Length; i++)
        {
            var (first, count) = (before, i < 2 ? 100 : i);
            before += count;
            Assert.Equal(
                Enumerable.Range(1, count).Select(funds => new CreditResult(CreditOutcome.Credited, 1, (ulong)funds)),
                results[first..before]);
            if (count > 0) Assert.Equal(new Balance((ulong)count, (ulong)count, 0, 0), await accounts[i].BalanceAsync());
        }
        Assert.All(results[packets.Length..], result => Assert.Equal(CreditOutcome.AlreadyCounted, result.Outcome));
    }

    private async Task<bool> EndTheSameAsync(List<Payment> payments)
    {
        var now = AccountUnderTest.InSeconds(0);
        var (one, all, beside) = (await NewAsync(now), await NewAsync(now), await NewAsync(now));
        var expected = new List<CreditResult>();
        foreach (var payment in payments) expected.Add(await CreditAsync(one, payment, now));

        // While the first script, of a packet that is too late, is under way, the others wait and go out together.
        var late = AccountUnderTest.Packet(all.Id, 1) with { Deadline = AccountUnderTest.InSeconds(-1) };
        var first = fixture.Store.Ledger.CreditAsync(late, Stop).AsTask();
        var together = payments.Select(payment => CreditAsync(all, payment, now)).ToArray();
        // And those of another account, which share scripts with them.
        var results = await Task.WhenAll(payments.Select(payment => CreditAsync(beside, payment, now)));

        Assert.Equal(CreditOutcome.Expired, (await first).Outcome);
        Assert.Equal(expected, await Task.WhenAll(together));
        Assert.Equal(expected, results);
        foreach (var account in (AccountUnderTest[])[all, beside])
        {
            Assert.Equal(await one.BalanceAsync(), await account.BalanceAsync());
            Assert.Equal(await StateAsync(one, now), await StateAsync(account, now));
        }
        return true;
    }

    /// <summary>An account with a lease that has expired, and payments that have begun, of which one has a limit.</summary>
    private async Task<AccountUnderTest> NewAsync(DateTimeOffset now)
    {
        var account = new AccountUnderTest(fixture.Store);
        await account.PayAsync(20);
        for (var which = 0; which < MostPayments; which++)
            await account.CreditAsync(AccountUnderTest.Packet(account.Id, 1) with { IncomingPayment = PaymentOf(which, now) });
        // After them, since each credit gives back what an expired lease holds; expired from its begin on, however fast the scripts follow.
        await account.LeaseAsync("gone", 1, wanted: 10, lifetime: TimeSpan.FromMilliseconds(-1));
        return account;
    }

    private Task<CreditResult> CreditAsync(AccountUnderTest account, Payment payment, DateTimeOffset now)
    {
        var (kind, amount, which) = payment;
        var packet = AccountUnderTest.Packet(account.Id, amount) with
        {
            ExecutionCondition = SHA256.HashData(Encoding.UTF8.GetBytes($"{kind} {which} {(which < 5 ? 0 : amount)}")),
        };
        var ledger = fixture.Store.Ledger;
        if (kind == 0)
            return ledger.CreditAsync(
                new ReceiptCredit(account.Id, Nonce(which), 1, amount, now, now.AddHours(1), Unbound: false), Stop).AsTask();
        return ledger.CreditAsync(kind switch
        {
            1 => packet with { Deadline = AccountUnderTest.InSeconds(-1) },
            2 or 3 => packet with { IncomingPayment = PaymentOf(which, now) },
            4 => packet with { ReceiptNonce = Nonce(which) },
            5 => packet with { ReceiptNonce = Nonce(which), IncomingPayment = PaymentOf(which, now) },
            _ => packet,
        }, Stop).AsTask();
    }

    private async Task<string> StateAsync(AccountUnderTest account, DateTimeOffset now)
    {
        var texts = new List<string>();
        for (var which = 0; which < 3; which++)
            texts.Add($"{await fixture.Store.Database.HashGetAsync(BalanceKeys.Receipt(account.Id, Nonce(which)), "1")}");
        for (var which = 0; which < MostPayments; which++)
        {
            var found = await fixture.Store.Incoming.FindAsync(account.Id, PaymentOf(which, now).Id);
            texts.Add($"{found!.Received} {found.Completed}");
            var keys = BalanceKeys.IncomingPayments(account.Id);
            texts.Add($"{await fixture.Store.Database.SortedSetScoreAsync(keys[3], IncomingLedger.MemberOf(PaymentOf(which, now)))}");
        }
        return string.Join('\n', texts);
    }

    private static byte[] Nonce(int which) => SHA256.HashData([(byte)(which % 3)])[..16];

    private static IncomingTerms PaymentOf(int which, DateTimeOffset now) => new(
        new Guid(which % MostPayments, 0, 0, new byte[8]), "creator", which % MostPayments == 0 ? 100 : null, now, now.AddMinutes(10),
        "terms");

    private sealed record Payment(int Kind, ulong Amount, int Which);
}

/// <summary>On a real Redis.</summary>
public sealed class RedisCreditBatchTests(RedisFixture fixture) : CreditBatchContract(fixture), IClassFixture<RedisFixture>;

/// <summary>On Garnet inside the process.</summary>
public sealed class GarnetCreditBatchTests(GarnetFixture fixture) : CreditBatchContract(fixture), IClassFixture<GarnetFixture>;
