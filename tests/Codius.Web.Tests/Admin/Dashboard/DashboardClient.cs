using System.Net;
using System.Text.RegularExpressions;
using Codius.Testing;
using Codius.Web.Tests.Payments;

namespace Codius.Web.Tests.Admin.Dashboard;

/// <summary>A browser of the dashboard: it has a cookie, navigates, and sends forms with an Origin.</summary>
internal sealed partial class DashboardClient : IDisposable
{
    private readonly string _origin;
    private readonly HttpClient _http;

    /// <param name="port">The management port, or that of a proxy before it.</param>
    /// <param name="authority">The issuer of the proxy's certificate; null for plain HTTP.</param>
    public DashboardClient(int port, TestAuthority? authority = null)
    {
        _origin = authority is null ? "http://management" : $"https://management.{GatewayUnderTest.Domain}";
        var handler = GatewayUnderTest.Handler(port, authority);
        // Only what Cookie holds is sent.
        handler.UseCookies = false;
        _http = new HttpClient(handler) { BaseAddress = new Uri(_origin + "/") };
    }

    /// <summary>The name and value of the session's cookie; null before.</summary>
    public string? Cookie { get; set; }

    /// <summary>The whole header that set it last.</summary>
    public string? SetCookie { get; private set; }

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    /// <summary>A browser that has signed in at a gateway.</summary>
    public static async Task<DashboardClient> SignedInAsync(PayableGateway gateway, string token = PayableGateway.AdminToken)
    {
        var browser = new DashboardClient(gateway.ManagementPort);
        await browser.SignInAsync(token);
        return browser;
    }

    public Task<Answer> GetAsync(string path, bool navigates = true) => SendAsync(HttpMethod.Get, path, null, null, navigates);

    /// <summary>Sends a form from the dashboard's own origin.</summary>
    public Task<Answer> PostAsync(string path, Dictionary<string, string> form) => PostAsync(path, form, _origin);

    /// <summary>Sends a form from another origin, or from none.</summary>
    public Task<Answer> PostAsync(string path, Dictionary<string, string> form, string? origin) =>
        SendAsync(HttpMethod.Post, path, form, origin, navigates: true);

    /// <summary>Sends a form from the dashboard's own origin, as a script does unless it navigates.</summary>
    public Task<Answer> PostAsync(string path, Dictionary<string, string> form, bool navigates) =>
        SendAsync(HttpMethod.Post, path, form, _origin, navigates);

    public Task<Answer> SignInAsync(string token, string query = "") =>
        PostAsync("/admin/sign-in" + query, new Dictionary<string, string> { ["token"] = token });

    /// <summary>The hidden fields of the form on a page.</summary>
    public static Dictionary<string, string> FieldsOf(Answer page) =>
        HiddenField().Matches(page.Text[page.Text.IndexOf("<main", StringComparison.Ordinal)..])
            .DistinctBy(match => match.Groups[1].Value)
            .ToDictionary(match => match.Groups[1].Value, match => WebUtility.HtmlDecode(match.Groups[2].Value));

    public void Dispose() => _http.Dispose();

    private async Task<Answer> SendAsync(HttpMethod method, string path, Dictionary<string, string>? form, string? origin, bool navigates)
    {
        using var request = new HttpRequestMessage(method, path);
        if (form is not null) request.Content = new FormUrlEncodedContent(form);
        if (origin is not null) request.Headers.Add("Origin", origin);
        if (Cookie is not null) request.Headers.Add("Cookie", Cookie);
        request.Headers.Add("Sec-Fetch-Mode", navigates ? "navigate" : "cors");
        using var response = await _http.SendAsync(request, Stop);
        if (response.Headers.TryGetValues("Set-Cookie", out var cookies))
        {
            SetCookie = cookies.Single();
            var pair = SetCookie.Split(';')[0];
            Cookie = pair.EndsWith('=') ? null : pair;
        }
        return new Answer((int)response.StatusCode, await response.Content.ReadAsStringAsync(Stop), response.Headers.Location?.ToString(),
            response.Headers.TryGetValues("Content-Security-Policy", out var policy) ? policy.Single() : null,
            response.Headers.CacheControl?.ToString());
    }

    [GeneratedRegex("<input type=\"hidden\" name=\"([a-z-]+)\" value=\"([^\"]*)\"")]
    private static partial Regex HiddenField();

    /// <summary>A response.</summary>
    internal sealed record Answer(int Status, string Text, string? Location, string? Policy, string? CacheControl);
}
