namespace Codius.Web.Admin.Dashboard.Wallets;

/// <summary>The wallets that receive the host's payments.</summary>
public sealed record WalletsModel(IReadOnlyList<WalletModel> Wallets, DateTimeOffset Now);
