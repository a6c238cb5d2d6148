using Codius.Web.Balances;
using Codius.Web.Balances.Incoming;

namespace Codius.Web.Tests.Balances.Books;

/// <summary>Every kind of change of an account's money, through the real scripts.</summary>
internal static class BookChanges
{
    public const int Kinds = 12;

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    /// <summary>Makes one; the store may refuse it, for want of money.</summary>
    public static async Task MakeAsync(BooksUnderTest account, int change, ulong units, string id)
    {
        var (ledger, now) = (account.Ledger, account.Clock.GetUtcNow());
        switch (change)
        {
            case 0:
                await account.PayAsync(units, $"a connection {units % 3}");
                break;
            case 1:
                byte[] nonce = [.. BitConverter.GetBytes(units), .. new byte[8]];
                await ledger.CreditAsync(new ReceiptCredit(account.Id, nonce, 1, units, now, now.AddHours(1), false), Stop);
                break;
            case 2:
                var payment = new IncomingTerms(Guid.NewGuid(), "creator", null, now, now.AddDays(1), "terms");
                await ledger.CreditAsync(new WalletCredit(account.Id, payment, units, false, now.AddDays(1)), Stop);
                await ledger.CreditAsync(new WalletCredit(account.Id, payment, 2 * units, true, now.AddDays(1)), Stop);
                break;
            case 3:
                await ledger.AdjustAsync(account.Id, (long)units, id, "a test", "a test", Stop);
                break;
            case 4:
                await ledger.AdjustAsync(account.Id, -(long)units, id, "a test", "a test", Stop);
                break;
            case 5:
                await ledger.LeaseAsync(new LeaseRequest(account.Id, id, 1, 0, units, 1), Stop);
                await ledger.LeaseAsync(new LeaseRequest(account.Id, id, 2, units / 2, 0, 0, Return: true), Stop);
                break;
            case 6:
                await ledger.BillRunningAsync(new RunningBill(account.Id, units * 60, Waking: true), Stop);
                break;
            case 7 when units % 2 == 0:
                await ledger.EndWakeAsync(new WakeEnd(account.Id, "Host"), Stop);
                break;
            case 8:
                await ledger.LeaseAsync(new LeaseRequest(account.Id, id, 1, 0, units, units, MostLeases: 16), Stop);
                await ledger.LeaseAsync(new LeaseRequest(account.Id, id, 2, units, 0, 0, Return: true, IsDeploy: true), Stop);
                break;
            case 9:
                await ledger.SpendAsync(account.Id, units, Stop, units % 2 == 0 ? id : null);
                break;
            case 10:
                await ledger.RefundAsync(account.Id, units / 4, id, "a test", "a test", Stop);
                break;
            case 11:
                await ledger.BillRunningAsync(new RunningBill(account.Id, units * 60, Earned: units % 3 == 0), Stop);
                break;
            default:
                break;
        }
    }
}
