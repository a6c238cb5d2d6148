using System.Diagnostics.CodeAnalysis;

namespace OpenPayments.Net.Paying;

/// <summary>The result of a request to a wallet: its answer, or why there is none.</summary>
/// <param name="Value">The answer.</param>
/// <param name="Fault">Why there is none.</param>
public sealed record WalletAnswer<T>(T? Value, WalletFault Fault) where T : class
{
    /// <summary>True if there is an answer.</summary>
    [MemberNotNullWhen(true, nameof(Value))]
    public bool IsGood => Value is not null;

    /// <summary>
    /// What a wallet that refused says about it, for the payer to read: one line of text, at most 200 characters. It is the wallet's
    /// own text: quote it, and encode it for where it is shown. Null if it says nothing.
    /// </summary>
    public string? Detail { get; init; }

    /// <summary>The HTTP status that the wallet answered with; null without a response.</summary>
    public int? Status { get; init; }

    /// <summary>How long the wallet wants to be left alone, at most an hour; null if it does not say.</summary>
    public TimeSpan? RetryAfter { get; init; }

    /// <summary>The answer.</summary>
    /// <exception cref="InvalidOperationException">There is none; the message has the fault.</exception>
    public T GetValueOrThrow() => Value ?? throw new InvalidOperationException($"The wallet did not give what was asked for: {Fault}.");

    internal static WalletAnswer<T> Of(T value) => new(value, WalletFault.None);

    internal static WalletAnswer<T> Failed(WalletFault fault) => new(null, fault);

    /// <summary>The response is not what was asked for.</summary>
    internal static WalletAnswer<T> Failed(WalletResponse response) => Failed(response.Fault, response);

    /// <summary>The same, with a fault of its own.</summary>
    internal static WalletAnswer<T> Failed(WalletFault fault, WalletResponse response) => new(null, fault)
    {
        Detail = response.Fault == WalletFault.Refused ? RefusalDetail.Read(response.Json) : null,
        Status = response.Status,
        RetryAfter = response.RetryAfter,
    };

    /// <summary>The failure of one answer as that of another.</summary>
    internal WalletAnswer<TOther> As<TOther>() where TOther : class =>
        new(null, Fault) { Detail = Detail, Status = Status, RetryAfter = RetryAfter };
}

/// <summary>Why a wallet gave no answer.</summary>
public enum WalletFault
{
    /// <summary>Nothing.</summary>
    None,

    /// <summary>The URL is not allowed: no https, another port, an address literal.</summary>
    NotAllowed,

    /// <summary>No response in time, or no public address.</summary>
    Unreachable,

    /// <summary>The response is not that of a wallet address, or not by the specification.</summary>
    NotAWallet,

    /// <summary>The wallet refused: this client, this amount or this receiver.</summary>
    Refused,

    /// <summary>The wallet failed (5xx, 429).</summary>
    Trouble,

    /// <summary>The address redirects more than three times, or to a URL that is not allowed.</summary>
    NotFollowed,

    /// <summary>The caller's own rule did not admit a request to this host.</summary>
    NotAdmitted,

    /// <summary>There is no such payment, or there is none any more (404, 410).</summary>
    Gone,

    /// <summary>
    /// The wallet gave no grant for the request: it does not know the client or its key, or wants a person's consent. The answer says
    /// nothing about the payment.
    /// </summary>
    NotGranted,

    /// <summary>An amount is in another asset than the wallet address, or has other digits.</summary>
    OtherAsset,
}
