using System.Security.Cryptography;
using System.Text;
using Codius.Web.Balances;
using CsCheck;

namespace Codius.Web.Tests.Balances;

/// <summary>Random operations with repeats, in random order: every result and every balance equals the model's.</summary>
public abstract class LedgerModelContract(StoreFixture fixture, int samples = 150)
{
    private static Gen<ulong> Amount { get; } = Gen.Frequency(
        (8, Gen.ULong[0, 50]), (2, Gen.ULong[1, 1_000_000_000_000_000]), (1, Gen.ULong[long.MaxValue - 5UL, long.MaxValue]),
        (1, Gen.ULong));

    private static Gen<Operation> Any { get; } = Gen.Select(Gen.Int[0, 8], Amount, Amount, Gen.Int[0, 2], Gen.Int[0, 4], Gen.Bool)
        .Select((kind, amount, other, who, which, flag) => new Operation(kind, amount, other, who, which, flag));

    [Fact]
    public Task Random_operations_end_as_the_model_says() => Any.List[1, 40].SampleAsync(RunAsync, iter: samples);

    private async Task<bool> RunAsync(List<Operation> operations)
    {
        var (account, model) = (new AccountUnderTest(fixture.Store), new LedgerModel());
        var issued = AccountUnderTest.InSeconds(0);
        var (sequences, leases) = (new long[3], new int[3]);
        foreach (var (kind, amount, other, who, which, flag) in operations)
        {
            switch (kind)
            {
                case 0 or 1 when amount > 0: // new, and often one that was seen before
                    var id = $"{account.Id} {which} {(kind == 0 ? amount : 0)}";
                    var condition = SHA256.HashData(Encoding.UTF8.GetBytes(id));
                    var packet = AccountUnderTest.Packet(account.Id, amount) with { ExecutionCondition = condition };
                    Assert.Equal(model.Packet(id, amount), await account.CreditAsync(packet));
                    break;
                case 2:
                    var nonce = SHA256.HashData(Encoding.UTF8.GetBytes($"{account.Id} {which}"))[..16];
                    var receipt = new ReceiptCredit(account.Id, nonce, (byte)who, amount, issued, issued.AddHours(1), Unbound: false);
                    Assert.Equal(model.Receipt(which, who, amount), await account.CreditAsync(receipt));
                    break;
                case 3:
                    Assert.Equal(model.Spend(amount, $"spend {which}"), await account.SpendAsync(amount, $"spend {which}"));
                    break;
                case 4:
                    Assert.Equal(model.Refund(amount, $"refund {which}"), await account.RefundAsync(amount, $"refund {which}"));
                    break;
                case 5:
                    Assert.Equal(model.Wake(10), await account.BillAsync(600, waking: true));
                    break;
                case 6:
                    Assert.Equal(model.GiveBackWake(), await account.GiveBackAsync(600));
                    break;
                case > 6:
                    var lease = $"gateway-{who}-{leases[who]}";
                    var sequence = which == 0 ? sequences[who] : ++sequences[who]; // a repeat now and then
                    var (kept, forwarded) = (amount % 7, Math.Min(amount % 7, other % 5));
                    var expected = model.Ask(lease, sequence, amount, other, Math.Min(other, 10), kept, flag, forwarded);
                    var answered = await account.LeaseAsync(
                        lease, sequence, amount, other, Math.Min(other, 10), kept, flag, TimeSpan.FromMinutes(5), forwarded);
                    Assert.Equal(expected, answered);
                    if (expected.Outcome == LeaseOutcome.Swept) (sequences[who], leases[who]) = (0, leases[who] + 1);
                    break;
            }
            Assert.Equal(model.Balance, await account.BalanceAsync());
            await KeepRecallAsync(account);
        }
        return true;
    }

    /// <summary>A recall clears after two seconds; the model knows no clock, so it is kept from clearing.</summary>
    private async Task KeepRecallAsync(AccountUnderTest account)
    {
        var recall = (string?)await fixture.Store.Database.HashGetAsync(BalanceKeys.Account(account.Id), "recall");
        if (string.IsNullOrEmpty(recall)) return;
        var later = $"{AccountUnderTest.InSeconds(50).ToUnixTimeMilliseconds()},{recall.Split(',')[1]}";
        await fixture.Store.Database.HashSetAsync(BalanceKeys.Account(account.Id), "recall", later);
    }

    private sealed record Operation(int Kind, ulong Amount, ulong Other, int Who, int Which, bool Flag);
}

/// <summary>On a real Redis.</summary>
public sealed class RedisLedgerModelTests(RedisFixture fixture) : LedgerModelContract(fixture), IClassFixture<RedisFixture>;

/// <summary>On Garnet inside the process.</summary>
public sealed class GarnetLedgerModelTests(GarnetFixture fixture) : LedgerModelContract(fixture), IClassFixture<GarnetFixture>;
