namespace Codius.Sandbox.Ui;

/// <summary>The model of the wallet's page; amounts are text.</summary>
public sealed record WalletView
{
    public required string Nonce { get; init; }

    public required string Balance { get; init; }

    public required string PassedOn { get; init; }

    public required string Received { get; init; }

    public required string Code { get; init; }

    /// <summary>The wallet address that pages with a field for one are given.</summary>
    public required string Address { get; init; }

    /// <summary>Initial values of the fields: from a link, or as typed before an error.</summary>
    public string To { get; init; } = "";

    public string Amount { get; init; } = "";

    public bool PerSecond { get; init; }

    public string ToFault { get; init; } = "";

    public string AmountFault { get; init; } = "";

    public required IReadOnlyList<PaymentView> Payments { get; init; }

    /// <summary>The payment just made, shown at the top.</summary>
    public PaymentView? Latest { get; init; }
}

/// <summary>One line of the history.</summary>
public sealed record PaymentView
{
    public required string Id { get; init; }

    public required string To { get; init; }

    /// <summary>The page behind a pointer of this machine; null for others.</summary>
    public string? PageUrl { get; init; }

    /// <summary>Its address without the sign of a pointer or the scheme; a name as long as a hash is shortened.</summary>
    public string Called
    {
        get
        {
            var scheme = To.IndexOf("://", StringComparison.Ordinal);
            var host = To.StartsWith('$') ? To[1..] : scheme >= 0 ? To[(scheme + 3)..] : To;
            var dot = host.IndexOf('.', StringComparison.Ordinal);
            return dot > 32 ? host[..8] + "…" + host[dot..] : host;
        }
    }

    public required string Sent { get; init; }

    /// <summary>The rate as text; null for a single payment.</summary>
    public string? Rate { get; init; }

    public required string At { get; init; }

    public required bool Running { get; init; }

    public required bool Failed { get; init; }

    public required string Trouble { get; init; }

    public string Sentence => Running ? $"Paying {To}: {Sent} so far."
        : Failed ? $"The payment to {To} ended early. {Trouble} Sent: {Sent}."
        : $"Paid {Sent} to {To}.";
}
