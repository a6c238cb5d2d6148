using System.Globalization;
using Codius.Web.Hosting;

namespace Codius.Web.Pages.Paying;

/// <summary>
/// A payment that the visitor's wallet accepted a moment ago and that may not have arrived yet; remembered in the visitor's own browser,
/// so that the page does not ask for it again.
/// </summary>
internal sealed class SentPayment(HostNames names, TimeProvider time)
{
    private static readonly TimeSpan Lifetime = TimeSpan.FromMinutes(2);

    private readonly bool _secure = names.Origin.StartsWith("https:", StringComparison.Ordinal);

    public void Remember(HttpResponse response, ulong units) =>
        response.Cookies.Append(OwnCookies.Sent(_secure),
            string.Create(CultureInfo.InvariantCulture, $"{units}.{time.GetUtcNow().ToUnixTimeSeconds()}"),
            new CookieOptions { Path = "/", HttpOnly = true, Secure = _secure, SameSite = SameSiteMode.Lax, MaxAge = Lifetime });

    /// <summary>The amount in units; null if there is no such payment.</summary>
    public ulong? Read(HttpRequest request) =>
        request.Cookies[OwnCookies.Sent(_secure)]?.Split('.') is [var units, var at]
            && ulong.TryParse(units, NumberStyles.None, CultureInfo.InvariantCulture, out var amount) && amount <= Asset.MaxAmount
            && long.TryParse(at, NumberStyles.None, CultureInfo.InvariantCulture, out var second)
            && time.GetUtcNow().ToUnixTimeSeconds() - second is >= 0 and var age && age <= Lifetime.TotalSeconds
            ? amount : null;
}
