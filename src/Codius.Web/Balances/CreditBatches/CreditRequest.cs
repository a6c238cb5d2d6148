using Codius.Web.Balances.HostPayments;
using Codius.Web.Balances.Incoming;
using StackExchange.Redis;
using static Codius.Web.Balances.Storage.StoredAmount;

namespace Codius.Web.Balances.CreditBatches;

/// <summary>One credit of an account as the script reads it, and the task of its answer.</summary>
internal sealed class CreditRequest
{
    private static readonly TimeSpan MarkKept = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan RecordKept = TimeSpan.FromMinutes(10);

    private readonly TaskCompletionSource<CreditAnswer?> _answer = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly PacketCredit? _packet;
    private readonly ReceiptCredit? _receipt;
    private readonly bool _mayMakePayment;

    /// <param name="packet">The packet.</param>
    /// <param name="mayMakePayment">True if its incoming payment may be stored now, if it is not yet.</param>
    public CreditRequest(PacketCredit packet, bool mayMakePayment)
    {
        (_packet, _mayMakePayment, Account) = (packet, mayMakePayment, packet.Account);
        if (!packet.ReceiptNonce.IsEmpty) Total = BalanceKeys.Receipt(packet.Account, packet.ReceiptNonce.Span);
    }

    /// <param name="receipt">A receipt whose nonce may be credited to the account.</param>
    public CreditRequest(ReceiptCredit receipt) => (_receipt, Account) = (receipt, receipt.Account);

    public AccountId Account { get; }

    /// <summary>The record of the packet's receipt, if it has one.</summary>
    public RedisKey Total { get; }

    public bool HasIncomingPayment => _packet?.IncomingPayment is not null;

    /// <summary>Its answer; null if the store was unavailable or its answer was lost.</summary>
    public Task<CreditAnswer?> Answer => _answer.Task;

    public void Complete(CreditAnswer? answer) => _answer.TrySetResult(answer);

    public void Fail(Exception fault) => _answer.TrySetException(fault);

    /// <summary>Until when the record of a receipt is kept.</summary>
    public static DateTimeOffset KeptUntil(ReceiptCredit receipt) => receipt.ExpiresAt + RecordKept;

    /// <summary>Appends the keys and the arguments of this credit.</summary>
    public void WriteTo(List<RedisKey> keys, List<RedisValue> arguments)
    {
        if (_packet is { } packet) Write(packet, keys, arguments);
        else Write(_receipt!, keys, arguments);
    }

    private static void Write(ReceiptCredit receipt, List<RedisKey> keys, List<RedisValue> arguments)
    {
        keys.Add(BalanceKeys.Receipt(receipt.Account, receipt.Nonce.Span));
        arguments.Add("receipt");
        arguments.Add((int)receipt.StreamId);
        arguments.Add(Text(receipt.TotalReceived));
        arguments.Add(receipt.IssuedAt.ToUnixTimeMilliseconds());
        arguments.Add(receipt.ExpiresAt.ToUnixTimeMilliseconds());
        arguments.Add(KeptUntil(receipt).ToUnixTimeMilliseconds());
    }

    private void Write(PacketCredit packet, List<RedisKey> keys, List<RedisValue> arguments)
    {
        keys.Add(BalanceKeys.Packet(packet.Account, packet.ExecutionCondition.Span));
        if (!packet.ReceiptNonce.IsEmpty) keys.Add(Total);
        arguments.Add("packet");
        arguments.Add(Text(packet.Amount));
        arguments.Add(packet.Deadline.ToUnixTimeMilliseconds());
        arguments.Add((packet.ExpiresAt + MarkKept).ToUnixTimeMilliseconds());
        arguments.Add(PaymentId.ReferenceOf(packet));
        arguments.Add(!packet.ReceiptNonce.IsEmpty);
        arguments.Add(packet.IncomingPayment is not null);
        if (packet.IncomingPayment is not { } payment) return;
        arguments.Add(IncomingLedger.IdOf(payment.Id));
        arguments.Add(IncomingLedger.MemberOf(payment));
        arguments.Add(payment.Amount is { } most ? Text(most) : "");
        arguments.Add(payment.ExpiresAt.ToUnixTimeMilliseconds());
        arguments.Add(payment.Terms);
        arguments.Add(_mayMakePayment);
        arguments.Add(payment.Payer ?? "");
    }
}
