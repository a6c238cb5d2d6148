using System.Diagnostics.CodeAnalysis;
using System.Text.Json;

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

    /// <summary>The answer.</summary>
    /// <exception cref="InvalidOperationException">There is none; the message has the fault.</exception>
    public T GetValueOrThrow() => Value ?? throw new InvalidOperationException($"The wallet did not give what was asked for: {Fault}.");

    internal static WalletAnswer<T> Of(T value) => new(value, WalletFault.None);

    internal static WalletAnswer<T> Failed(WalletFault fault) => new(null, fault);

    internal static WalletAnswer<T> Failed(WalletFault fault, JsonElement error) =>
        new(null, fault) { Detail = fault == WalletFault.Refused ? RefusalDetail.Read(error) : null };
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
}
