using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using Codius.Web.Balances.Changes;
using Codius.Web.Balances.CreditBatches;
using Codius.Web.Balances.Incoming;
using Codius.Web.Balances.LeaseBatches;
using Codius.Web.Balances.Leases;
using Codius.Web.Balances.Storage;
using Codius.Web.Hosting.Supervision;
using Microsoft.Extensions.Options;
using StackExchange.Redis;
using static Codius.Web.Balances.Storage.StoredAmount;

namespace Codius.Web.Balances;

/// <summary>
/// The ledger in Redis or Garnet: runs one script for each call, or for several credits, and reads its result.
/// </summary>
internal sealed class RedisBalanceLedger(
    RedisStore store, LedgerScripts scripts, LedgerHealth health, BalanceHints hints, IOptions<LeaseOptions> leases,
    IncomingLedger incomingPayments, IOptions<IncomingOptions> incoming, Supervisor supervisor, TimeProvider time,
    Action<IThreadPoolWorkItem>? turns = null) : IBalanceLedger
{
    private static readonly RedisValue[] Counters = ["credited", "balance", "spent", "leased", "forwarded", "leases"];
    private static readonly TimeSpan WalletTotalKept = TimeSpan.FromDays(1);

    private readonly IDatabase _database = store.Connection.GetDatabase();
    private readonly CreditBatcher _credits = new(scripts, incoming.Value, hints.Changed, supervisor.Work("credits"), turns);
    private readonly LeaseBatcher _leases = new(scripts, supervisor.Work("leases"), turns);

    public async ValueTask<Balance?> ReadAsync(AccountId account, CancellationToken cancellation)
    {
        cancellation.ThrowIfCancellationRequested();
        try
        {
            var values = await _database.HashGetAsync(BalanceKeys.Account(account), Counters);
            if (values[0].IsNull) return null;
            return new Balance(Amount(values[0]), Amount(values[1]), Amount(values[2]), Amount(values[3]),
                ForwardedUnits.Of((string?)values[4] ?? "", (string?)values[5] ?? "", time.GetUtcNow()));
        }
        catch (Exception trouble) when (StoreTrouble.Is(trouble))
        {
            health.Failed("read", trouble);
            throw new LedgerUnavailableException("The ledger is unavailable.", trouble);
        }
    }

    public async ValueTask<CreditResult> CreditAsync(PacketCredit credit, CancellationToken cancellation)
    {
        cancellation.ThrowIfCancellationRequested();
        if (credit.IncomingPayment is { } payment) return await CreditAsync(credit, payment);
        // Not by the method below, which would cost each packet a task more.
        var request = new CreditRequest(credit, mayMakePayment: false);
        var answer = await _credits.CreditAsync(request);
        if (IsCounted(answer)) await KeepCountsAsync(request, answer);
        return Credited(answer);
    }

    private async ValueTask<CreditResult> CreditAsync(PacketCredit credit, IncomingTerms payment)
    {
        try
        {
            var answer = await CreditAsync(credit, mayMake: false);
            if (answer is null || answer.Outcome != "unknown") return Credited(answer);
            if (await incomingPayments.IsCompletedUnpaidAsync(payment.Id)) return new CreditResult(CreditOutcome.Closed);
            answer = await CreditAsync(credit, mayMake: true);
            // Completed since it was looked for: what came in between is the account's, what comes now is refused. A crash before this: the
            // note is not seen once the record is there, and the payment can be paid until its end.
            if (answer is { Outcome: "credited" } && await incomingPayments.IsCompletedUnpaidAsync(payment.Id))
                await incomingPayments.CompleteAsync(credit.Account, payment.Id);
            return Credited(answer);
        }
        catch (LedgerUnavailableException)
        {
            // Retried with the same packet, which is counted once.
            return new CreditResult(CreditOutcome.Unavailable);
        }
    }

    public async ValueTask<CreditResult> CreditAsync(ReceiptCredit credit, CancellationToken cancellation)
    {
        cancellation.ThrowIfCancellationRequested();
        if (credit.Unbound)
        {
            var claim = await scripts.TryRunAsync(LedgerScript.ClaimNonce, [BalanceKeys.Claim(credit.Nonce.Span)],
                [credit.Account.ToString(), Milliseconds(credit.ExpiresAt), Milliseconds(CreditRequest.KeptUntil(credit))], credits: true);
            if (claim is null) return new CreditResult(CreditOutcome.Unavailable);
            if (claim[0] == "expired") return new CreditResult(CreditOutcome.Expired);
            if (claim[0] == "other") return new CreditResult(CreditOutcome.OtherAccount);
        }
        return Credited(await _credits.CreditAsync(new CreditRequest(credit)));
    }

    public async ValueTask<CreditResult> CreditAsync(WalletCredit credit, CancellationToken cancellation)
    {
        cancellation.ThrowIfCancellationRequested();
        var payment = credit.Payment;
        var answer = await scripts.TryRunAsync(LedgerScript.CreditWallet,
            [
                BalanceKeys.Account(credit.Account), .. BalanceKeys.WalletTotals(credit.Account),
                .. BalanceKeys.IncomingPayments(credit.Account),
            ],
            [
                IncomingLedger.IdOf(payment.Id), Text(credit.Total), credit.Completed, Milliseconds(credit.CountedUntil),
                Milliseconds(WalletTotalKept), IncomingLedger.MemberOf(payment), payment.Amount is { } most ? Text(most) : "",
                Milliseconds(payment.ExpiresAt), payment.Terms, incoming.Value.MostKept, Milliseconds(IncomingLedger.Kept),
                payment.Payer ?? "",
            ],
            credits: true);
        if (answer is null) return new CreditResult(CreditOutcome.Unavailable);
        if (answer is [_, _, _, _, _, _, var count, var credited] && count != "0")
            await incomingPayments.KeepAsync(credit.Account, count, credited);
        var result = new CreditResult(
            Credited(answer[0]), Amount(answer[1]), Amount(answer[2]), Amount(answer[3]), Amount(answer[4]));
        if (result.Outcome == CreditOutcome.Credited) hints.Changed(credit.Account);
        return result;
    }

    public async ValueTask<LeaseResult> LeaseAsync(LeaseRequest request, CancellationToken cancellation)
    {
        cancellation.ThrowIfCancellationRequested();
        var askedAt = time.GetTimestamp();
        var answer = await _leases.RunAsync(request.Account,
        [
            request.LeaseId, request.Sequence, Text(request.Used), Text(request.Wanted), Text(request.Least), Text(request.Kept),
            request.Return, Milliseconds(request.Lifetime ?? leases.Value.Lifetime), Text(request.Forwarded),
            request.CapPerHour is { } cap ? Text(cap) : "", request.MostLeases ?? (RedisValue)"",
            Text(request.Ahead), Text(request.Free), request.FreeErrors, request.IsDeploy,
        ]);
        if (answer is null) return new LeaseResult(LeaseOutcome.Unavailable);
        var funds = Amount(answer[2]);
        hints.Spent(request.Account, funds, askedAt);
        var outcome = (string?)answer[0] switch
        {
            "granted" => LeaseOutcome.Granted,
            "notenough" => LeaseOutcome.NotEnough,
            "recalled" => LeaseOutcome.Recalled,
            "capped" => LeaseOutcome.Capped,
            "swept" => LeaseOutcome.Swept,
            var other => throw Unknown(LedgerScript.Lease, other),
        };
        return new LeaseResult(
            outcome, Amount(answer[1]), funds, answer[3] == "1", (int)answer[4], (int)answer[5], (int)answer[6],
            answer[7] == "1", (long)answer[8], (long)answer[9]);
    }

    public async ValueTask<RunningResult> BillRunningAsync(RunningBill bill, CancellationToken cancellation)
    {
        cancellation.ThrowIfCancellationRequested();
        return Ran(LedgerScript.BillRunning, bill.Account,
            await scripts.TryRunAsync(LedgerScript.BillRunning, [BalanceKeys.Account(bill.Account)],
                [
                    Text(bill.PerHour), bill.Waking, Text(bill.Reserved), Milliseconds(RunningInterval.Length), bill.Earned,
                    bill.OnlyOverdue, bill.Asleep, Text(bill.Counted),
                ]));
    }

    public async ValueTask<RunningResult> EndWakeAsync(WakeEnd end, CancellationToken cancellation)
    {
        cancellation.ThrowIfCancellationRequested();
        return Ran(LedgerScript.EndWake, end.Account,
            await scripts.TryRunAsync(LedgerScript.EndWake, [BalanceKeys.Account(end.Account)],
                [end.GiveBackFor ?? "", Text(end.PerHour), end.Ran]));
    }

    public ValueTask<SpendResult> SpendAsync(AccountId account, ulong amount, CancellationToken cancellation, string? id = null) =>
        ChangeAsync(LedgerScript.Spend, account, cancellation, Text(amount), id ?? "", "");

    public ValueTask<SpendResult> RefundAsync(
        AccountId account, ulong amount, string id, string reason, string by, CancellationToken cancellation) =>
        ChangeAsync(LedgerScript.Refund, account, cancellation, Text(amount), id, reason, OneWord(by));

    public ValueTask<SpendResult> AdjustAsync(
        AccountId account, long change, string id, string reason, string by, CancellationToken cancellation) =>
        ChangeAsync(LedgerScript.Adjust, account, cancellation, Text(Magnitude(change)), id, reason, change < 0 ? "-" : "+", OneWord(by));

    public ValueTask<SpendResult> ForfeitAsync(AccountId account, string id, string reason, CancellationToken cancellation) =>
        ChangeAsync(LedgerScript.Forfeit, account, cancellation, id, reason);

    public async ValueTask<SpendResult> BookAsync(
        AccountId book, ulong amount, string writer, long sequence, CancellationToken cancellation)
    {
        cancellation.ThrowIfCancellationRequested();
        return Changed(LedgerScript.Book, book,
            await scripts.TryRunAsync(LedgerScript.Book, [BalanceKeys.Account(book)], [Text(amount), writer, sequence]));
    }

    private async ValueTask<CreditAnswer?> CreditAsync(PacketCredit credit, bool mayMake)
    {
        var request = new CreditRequest(credit, mayMake);
        var answer = await _credits.CreditAsync(request);
        if (IsCounted(answer)) await KeepCountsAsync(request, answer);
        return answer;
    }

    // What a credit adds to what the host keeps.
    private static bool IsCounted([NotNullWhen(true)] CreditAnswer? answer) => answer is { TotalEnds: > 0 } or { PaymentCount: > 0 };

    private async ValueTask KeepCountsAsync(CreditRequest request, CreditAnswer answer)
    {
        if (answer.TotalEnds > 0)
            await incomingPayments.KeepTotalAsync(request.Total, answer.TotalEnds, CreditBatcher.ConnectionTotalKept);
        if (answer.PaymentCount > 0) await incomingPayments.KeepAsync(request.Account, answer.PaymentCount, Text(answer.CountedFor));
    }

    private async ValueTask<SpendResult> ChangeAsync(
        LedgerScript script, AccountId account, CancellationToken cancellation, params RedisValue[] arguments)
    {
        cancellation.ThrowIfCancellationRequested();
        return Changed(script, account,
            await scripts.TryRunAsync(script, [BalanceKeys.Account(account), BalanceKeys.History(account)], arguments));
    }

    private SpendResult Changed(LedgerScript script, AccountId account, RedisValue[]? answer)
    {
        if (answer is null) return new SpendResult(SpendOutcome.Unavailable);
        hints.Changed(account);
        return new SpendResult(Outcome(script, answer[0]), Amount(answer[1]));
    }

    private RunningResult Ran(LedgerScript script, AccountId account, RedisValue[]? answer)
    {
        if (answer is null) return new RunningResult(SpendOutcome.Unavailable);
        var result = new RunningResult(
            Outcome(script, answer[0]), Amount(answer[1]), Amount(answer[2]), Amount(answer[3]), Amount(answer[4]));
        BalanceMetrics.Debit(result.Debited, "running");
        BalanceMetrics.GiveBack(result.Returned, "running");
        BalanceMetrics.WriteOff(result.WrittenOff, "running");
        if (result.Outcome != SpendOutcome.Repeated) hints.Changed(account);
        return result;
    }

    // The fields of a statement's entry are separated by tabs.
    private static string OneWord(string text) => text.Replace('\t', ' ');

    private static CreditResult Credited(CreditAnswer? answer) => answer is null
        ? new CreditResult(CreditOutcome.Unavailable)
        : new CreditResult(Credited(answer.Outcome), answer.Increase, answer.Funds, answer.Room, answer.Total);

    private static CreditOutcome Credited(string? word) => word switch
    {
        "credited" => CreditOutcome.Credited,
        "already" => CreditOutcome.AlreadyCounted,
        "expired" => CreditOutcome.Expired,
        "noroom" => CreditOutcome.NoRoom,
        "closed" => CreditOutcome.Closed,
        var other => throw Unknown(LedgerScript.Credit, other),
    };

    private static SpendOutcome Outcome(LedgerScript script, RedisValue word) => (string?)word switch
    {
        "done" => SpendOutcome.Done,
        "repeated" => SpendOutcome.Repeated,
        "noaccount" => SpendOutcome.NoAccount,
        "notenough" => SpendOutcome.NotEnough,
        "outofrange" => SpendOutcome.OutOfRange,
        "recalled" => SpendOutcome.Recalled,
        var other => throw Unknown(script, other),
    };

    private static InvalidOperationException Unknown(LedgerScript script, string? word) =>
        new($"The script {script.Name} returned the unknown outcome '{word}'");

    private static ulong Amount(RedisValue text) => ulong.Parse((string)text!, NumberStyles.None, CultureInfo.InvariantCulture);

    private static ulong Magnitude(long change) => change < 0 ? (ulong)-(change + 1) + 1 : (ulong)change;

    private static RedisValue Milliseconds(DateTimeOffset time) => time.ToUnixTimeMilliseconds();

    private static RedisValue Milliseconds(TimeSpan time) => (long)time.TotalMilliseconds;
}
