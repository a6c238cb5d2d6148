using System.Globalization;
using System.Text.RegularExpressions;
using Codius.Web.Balances.Storage;

namespace Codius.Web.Balances.Books;

/// <summary>Lists the accounts that the books of the host have, in no order, a page at a time.</summary>
internal sealed partial class HostAccounts(RedisStore store)
{
    private const int MostScans = 20; // of one page, so that a search for few does not read all at once
    private const int CountOfScan = 500;

    /// <summary>A page of those that are wanted, and the cursor of what follows; null if the cursor is none.</summary>
    /// <remarks>
    /// An account that came since may be left out, and one may come twice. A page may have fewer, or none, and a next one.
    /// </remarks>
    /// <exception cref="LedgerUnavailableException">The store is unavailable.</exception>
    public async ValueTask<(IReadOnlyList<AccountId> Accounts, string? Next)?> ReadAsync(
        string? cursor, int size, Func<AccountId, bool> isWanted)
    {
        // Where the scan is, and how many of its answer earlier pages have: a small store answers with all at once.
        var (scan, skip) = ("0", 0);
        if (cursor is not null)
        {
            if (Cursor().Match(cursor) is not { Success: true } match || !ulong.TryParse(match.Groups[1].Value, out _)) return null;
            (scan, skip) = (match.Groups[1].Value, int.Parse(match.Groups[2].Value, CultureInfo.InvariantCulture));
        }
        var found = new List<AccountId>();
        for (var scans = 0; scans < MostScans; scans++)
        {
            var at = scan;
            var (next, accounts) = await ScanAsync(at);
            for (var i = skip; i < accounts.Count; i++)
            {
                if (!isWanted(accounts[i])) continue;
                if (found.Count == size) return (found, string.Create(CultureInfo.InvariantCulture, $"{at}.{i}"));
                found.Add(accounts[i]);
            }
            (scan, skip) = (next, 0);
            if (scan == "0") return (found, null);
        }
        return (found, scan + ".0");
    }

    private async Task<(string Next, List<AccountId> Accounts)> ScanAsync(string cursor)
    {
        var answer = await StoreTrouble.TranslateAsync(() => store.Connection.GetDatabase().ExecuteAsync(
            "HSCAN", [BalanceKeys.HostBooks, cursor, "COUNT", CountOfScan.ToString(CultureInfo.InvariantCulture)]),
            "The accounts cannot be read.");
        var parts = (StackExchange.Redis.RedisResult[])answer!;
        var fields = (string?[])parts[1]!;
        var accounts = new List<AccountId>(fields.Length / 2);
        for (var i = 0; i < fields.Length; i += 2)
            if (AccountId.TryParse(fields[i], out var account)) accounts.Add(account);
        return ((string)parts[0]!, accounts);
    }

    [GeneratedRegex(@"\A([0-9]{1,20})\.([0-9]{1,6})\z")]
    private static partial Regex Cursor();
}
