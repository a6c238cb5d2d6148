namespace Codius.Web.Balances.Incoming;

/// <summary>All that can become of keeping a new incoming payment.</summary>
internal enum IncomingOutcome
{
    /// <summary>It is kept; it was asked for again, or for the first time.</summary>
    Created,

    /// <summary>The account has as many open ones as it may have.</summary>
    TooManyOfAccount,

    /// <summary>The client has as many open ones on this account as it may have.</summary>
    TooManyOfClient,
}
