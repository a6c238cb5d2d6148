using Codius.Web.Apps;
using Codius.Web.Balances;

namespace Codius.Web.Pages.Following;

/// <summary>The account whose balance is followed, and its app if it is an app's account.</summary>
internal readonly record struct Followed(AccountId Account, HostedApp? App);
