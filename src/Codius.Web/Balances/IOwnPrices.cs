namespace Codius.Web.Balances;

/// <summary>The prices of accounts whose requests have a price of their own.</summary>
internal interface IOwnPrices
{
    /// <summary>Those of this account; null: the host's.</summary>
    Prices? Of(AccountId account);
}
