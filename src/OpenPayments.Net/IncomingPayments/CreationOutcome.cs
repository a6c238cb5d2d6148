namespace OpenPayments.Net.IncomingPayments;

/// <summary>The result of creating an incoming payment.</summary>
public enum CreationOutcome
{
    /// <summary>It is kept.</summary>
    Created,

    /// <summary>The account has as many open ones as an account may have.</summary>
    TooManyOfAccount,

    /// <summary>The client's address has as many open ones on this account as one client may have.</summary>
    TooManyOfClient,
}
