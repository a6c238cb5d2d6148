using System.Globalization;
using Codius.Web.Apps.Manifests;
using Codius.Web.Balances;
using Codius.Web.Deploying.Paying;
using Codius.Web.Hosting;
using Codius.Web.Pages.Paying;

namespace Codius.Web.Deploying;

/// <summary>The errors of a deploy, each with what to do next; <c>PUT</c> and kubectl return the same.</summary>
internal sealed class DeployProblems(HostNames names, DeployPrice prices, Asset asset, WireAsset wire, OfferedWays offered)
{
    public static Problem TooLarge { get; } = new(413, "manifest-too-large", "The manifest is too large",
        $"A manifest may have {ManifestLimits.MaxBytes / 1024} KiB. Put large data into the image, or let the app fetch it.");

    public static Problem OtherOwner { get; } = new(403, "other-owner", "The name belongs to someone else",
        "Another deploy token deployed this app (a deleted name stays its owner's for a while). Use that token, or choose another name.");

    public static Problem StoreAway { get; } = new(503, "apps-unavailable", "Apps cannot be deployed right now",
        "What keeps the apps does not answer. Nothing was charged for good; try again in a few seconds, the same request again is safe.")
    { RetryAfter = 5 };

    public static Problem LedgerAway { get; } = Problem.LedgerUnavailable(5,
        "The host's ledger does not answer. Nothing was charged; try again in a few seconds.");

    public static Problem AnotherDeploy { get; } = new(503, "deploy-in-progress", "The money is set aside for another deploy",
        "Another deploy of this account waits for its app to appear. Try again in a minute, or pay the account more.")
    { RetryAfter = 60 };

    public static Problem Exists { get; } = new(409, "app-exists", "There is such an app already",
        "You have an app of this name. Change it (kubectl apply), or delete it first; if it was just deleted, try again in a moment.");

    public static Problem NoSuchApp { get; } = new(404, "no-such-app", "There is no such app here",
        "Nothing is deployed under this name. Deploy an app with PUT /services/{name}.");

    public static Problem BadManifest(IReadOnlyCollection<ValidationError> faults) => new(400, "bad-manifest", "The manifest has faults",
        string.Join("; ", faults.Select(fault => $"{fault}".TrimEnd('.')))
            + ". Nothing was charged; correct the manifest and send it again.")
    {
        Extensions = new Dictionary<string, object?>
        {
            ["faults"] = faults.Select(fault => new { path = fault.Path, message = fault.Message }).ToArray(),
        },
    };

    public static Problem TooFast(TimeSpan wait) => new(429, "too-many-requests", "Too many requests",
        "Too many deploys came with this deploy token. Nothing was charged; wait, then try again.")
    {
        RetryAfter = RetryAfter.SecondsOf(wait),
    };

    /// <summary>402, with all a program needs to pay.</summary>
    public Problem NotEnough(AccountId account, ulong funds, ulong price) =>
        new(402, "deploy-not-paid", "The deploy token's account has too little money",
            $"This deploy costs {asset.Format(price)} {asset.Code}{(price == prices.Least ? "" : Parts)}; {HowToPay(account, funds)}")
        {
            Extensions = Payment(account, funds, price),
        };

    private Dictionary<string, object?> Payment(AccountId account, ulong funds, ulong price)
    {
        var payment = new Dictionary<string, object?> { ["paymentPointer"] = names.HostPaymentPointerOf(account.ToString()) };
        if (offered.ShowsWalletAddress) payment["walletAddress"] = names.HostWalletAddressOf(account.ToString());
        payment["price"] = price.ToString(CultureInfo.InvariantCulture);
        payment["balance"] = funds.ToString(CultureInfo.InvariantCulture);
        payment["balanceScale"] = asset.Scale;
        // What is missing: other deploys may hold money, so that none is.
        payment["pay"] = wire.ToWireUp(price - Math.Min(funds, price)).ToString(CultureInfo.InvariantCulture);
        payment["assetCode"] = wire.Code;
        payment["assetScale"] = wire.Scale;
        return payment;
    }

    /// <summary>For a token that can pay no deploy at all.</summary>
    public string NotEnoughText(AccountId account, ulong funds) =>
        $"A deploy costs {asset.Format(prices.Least)} {asset.Code} for each started {PartSize} of its manifest; {HowToPay(account, funds)}";

    private static string PartSize => $"{ManifestLimits.PartBytes / 1024} KiB";

    private string Parts => $" ({asset.Format(prices.Least)} for each started {PartSize} of its manifest)";

    private string HowToPay(AccountId account, ulong funds) =>
        $"the account of this deploy token has {asset.Format(funds)}. "
        + $"Pay {names.HostPaymentPointerOf(account.ToString())} (or open {names.Origin}/?account={account}), then deploy again.";

    /// <summary>The problem of a reservation that was not made.</summary>
    public Problem NotReserved(ReserveOutcome outcome, AccountId account, ulong funds, ulong price) => outcome switch
    {
        ReserveOutcome.NotEnough => NotEnough(account, funds, price),
        ReserveOutcome.Recalled => AnotherDeploy,
        _ => LedgerAway,
    };
}
