using Codius.Web.Balances;

namespace Codius.Web.Deploying.Kubectl;

/// <summary>The cluster's user for the holder of a deploy token: its name contains the account, and it is in one group.</summary>
internal static class Deployer
{
    public const string Group = "codius:deployers";

    private const string UserPrefix = "codius:deploy:";

    public static string UserOf(AccountId account) => UserPrefix + account;

    /// <summary>The account of a user that <c>/token</c> authenticated; null for any other user.</summary>
    public static AccountId? AccountOf(string? user) =>
        user is not null && user.StartsWith(UserPrefix, StringComparison.Ordinal)
            && AccountId.TryParse(user[UserPrefix.Length..], out var account) && account.IsDeployToken
            ? account : null;

    public static bool IsDeployer(AdmissionRequest request) => request.UserInfo?.Groups?.Contains(Group, StringComparer.Ordinal) == true;

    /// <summary>The account that makes a change; null for the cluster's own people and programs.</summary>
    public static AccountId? AccountOf(AdmissionRequest request) => IsDeployer(request) ? AccountOf(request.UserInfo?.Username) : null;
}
