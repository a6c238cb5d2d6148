namespace OpenPayments.Net.IncomingPayments;

/// <summary>All that can become of asking for a new incoming payment.</summary>
public enum CreationOutcome
{
    /// <summary>It is kept.</summary>
    Created,

    /// <summary>The account has as many open ones as an account may have.</summary>
    TooManyOfAccount,

    /// <summary>Whoever asks has as many open ones on this account as one client may have.</summary>
    TooManyOfClient,
}
