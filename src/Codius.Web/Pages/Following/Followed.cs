using Codius.Web.Apps;
using Codius.Web.Balances;

namespace Codius.Web.Pages.Following;

/// <summary>Whose balance is followed, and the app behind it if it is an app's.</summary>
internal readonly record struct Followed(AccountId Account, HostedApp? App);
