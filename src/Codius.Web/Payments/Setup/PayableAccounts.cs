using Codius.Web.Apps;
using Codius.Web.Balances;

namespace Codius.Web.Payments.Setup;

/// <summary>Knows which accounts anyone may pay: apps that are deployed here, and every deploy token's account.</summary>
internal sealed class PayableAccounts(IAppCatalog catalog)
{
    /// <summary>Finds an account by its id in a URL, or an app's by the label in the Host header.</summary>
    public bool TryFind(string? text, out AccountId account)
    {
        if (!TryRead(text, out account)) return false;
        return account.IsDeployToken || catalog.Current.TryFind(text!, out _);
    }

    /// <summary>Reads an id that may be asked for. Ids that begin with a hyphen are the host's own books, and nobody's business.</summary>
    public static bool TryRead(string? text, out AccountId account) => AccountId.TryParse(text, out account) && text[0] != '-';
}
