namespace Codius.Sandbox.Ui;

/// <summary>The model of the page on which the wallet's owner consents to a payment.</summary>
public sealed record ConsentView
{
    public required string Nonce { get; init; }

    /// <summary>What the client calls itself, and its wallet address.</summary>
    public required string Client { get; init; }

    public required string ClientAddress { get; init; }

    /// <summary>The most that is paid.</summary>
    public required string Amount { get; init; }

    /// <summary>Who is paid, if the client asked for a quote of that amount; null if it is not known yet.</summary>
    public string? Payee { get; init; }

    public required string Balance { get; init; }

    /// <summary>Where the answer goes.</summary>
    public required string LeadsTo { get; init; }

    /// <summary>True if there is nothing to decide: it was decided, or has expired.</summary>
    public bool IsOver { get; init; }
}
