namespace Codius.Web.Balances.Incoming;

/// <summary>The possible outcomes of storing a new incoming payment.</summary>
internal enum IncomingOutcome
{
    /// <summary>It is stored, now or by an earlier request.</summary>
    Created,

    /// <summary>The account has as many open ones as it may have.</summary>
    TooManyOfAccount,

    /// <summary>The client has as many open ones on this account as it may have.</summary>
    TooManyOfClient,
}
