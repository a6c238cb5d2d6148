namespace Codius.Web.Balances.Books;

/// <summary>What an entry of a statement is.</summary>
internal enum StatementKind
{
    /// <summary>A payment.</summary>
    Credit,

    /// <summary>Added by hand.</summary>
    AdjustedUp,

    /// <summary>Taken away by hand; of what a connector owes: what it has settled.</summary>
    AdjustedDown,

    /// <summary>Spent money that was given back by hand.</summary>
    Refund,

    /// <summary>The price of a deploy.</summary>
    Deploy,

    /// <summary>Spent by a caller of the receipt verifier, with an id.</summary>
    Call,

    /// <summary>What was left on an account whose name was free again.</summary>
    Forfeit,
}
