using Codius.Web.Apps;
using Codius.Web.Balances;

namespace Codius.Web.Payments.Setup;

/// <summary>Finds the accounts that can be paid: apps that are deployed here, and every deploy token's account.</summary>
internal sealed class PayableAccounts(IAppCatalog catalog)
{
    /// <summary>Finds an account by its id in a URL, or an app's by the label in the Host header.</summary>
    public bool TryFind(string? text, out AccountId account) => AccountId.TryParse(text, out account) && catalog.Current.IsPayable(account);

    /// <summary>
    /// What the host's owner says of an account whose app is blocked, so that nothing more is paid into it; null if it is not.
    /// </summary>
    public string? BlockedWordsOf(AccountId account) =>
        catalog.Current.TryFind(account.ToString(), out var app) ? app.BlockedWords : null;
}
