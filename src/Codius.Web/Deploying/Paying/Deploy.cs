using Codius.Web.Balances;

namespace Codius.Web.Deploying.Paying;

/// <summary>What is paid once: this account puts this hash under this name.</summary>
internal readonly record struct Deploy(AccountId Account, string Name, string Hash);
