using Codius.Web.Balances;

namespace Codius.Web.Deploying.Paying;

/// <summary>One deploy, which is charged once: this account deploys this hash under this name.</summary>
internal readonly record struct Deploy(AccountId Account, string Name, string Hash);
