using System.Net;
using System.Text.RegularExpressions;
using Codius.Testing;

namespace Codius.Web.Tests.Payments.OwnWallet;

/// <summary>One visitor's browser, as far as the tests need one: stores cookies, posts forms, follows redirects.</summary>
internal sealed class Visitor : IDisposable
{
    private readonly CookieContainer _cookies = new();
    private readonly PayableGateway _gateway;
    private readonly HttpClient _http;

    /// <param name="gateway">The gateway of the apps.</param>
    /// <param name="through">A handler in front of the connection, such as a recorder.</param>
    /// <param name="way">The handler that connects; null for a direct one.</param>
    public Visitor(PayableGateway gateway, Func<HttpMessageHandler, HttpMessageHandler>? through = null, SocketsHttpHandler? way = null)
    {
        _gateway = gateway;
        var handler = way ?? GatewayUnderTest.Handler(gateway.Port);
        (handler.UseCookies, handler.CookieContainer) = (true, _cookies);
        _http = new HttpClient(through?.Invoke(handler) ?? handler);
        _http.DefaultRequestHeaders.Accept.ParseAdd("text/html");
    }

    /// <summary>The <c>Set-Cookie</c> of the last response.</summary>
    public string[] Told { get; private set; } = [];

    public CookieCollection CookiesOf(string app) => _cookies.GetCookies(new Uri(_gateway.UrlOf(app)));

    /// <summary>Stores a cookie of the app's own.</summary>
    public void Remember(string app, string name, string value) => _cookies.Add(new Uri(_gateway.UrlOf(app)), new Cookie(name, value));

    public async Task<(int Status, string Text, HttpResponseMessage Answer)> OpenAsync(string url)
    {
        var answer = await _http.GetAsync(url, TestContext.Current.CancellationToken);
        Told = Cookies(answer);
        return ((int)answer.StatusCode,
            WebUtility.HtmlDecode(await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken)), answer);
    }

    /// <summary>Sends the form "pay from your own wallet".</summary>
    public async Task<(int Status, string Text)> SendAsync(string app, string wallet, string amount = "now", string? origin = null,
        string back = "/")
    {
        var url = _gateway.UrlOf(app);
        using var request = new HttpRequestMessage(HttpMethod.Post, url + ".well-known/codius/pay");
        request.Headers.Add("Origin", origin ?? url.TrimEnd('/'));
        request.Content = new FormUrlEncodedContent([new("wallet", wallet), new("amount", amount), new("back", back)]);
        using var answer = await _http.SendAsync(request, TestContext.Current.CancellationToken);
        Told = Cookies(answer);
        return ((int)answer.StatusCode,
            WebUtility.HtmlDecode(await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken)));
    }

    /// <summary>Goes to the wallet, consents or declines there, and returns the URL it is redirected to.</summary>
    public static async Task<string> ChooseAsync(string consentPage, string choice)
    {
        var wallet = Regex.Match(consentPage, "id=\"go\" href=\"([^\"]+)\"").Groups[1].Value;
        Assert.NotEmpty(wallet);
        using var direct = new HttpClient(new SocketsHttpHandler { AllowAutoRedirect = false });
        using var answer = await direct.GetAsync($"{wallet}/{choice}", TestContext.Current.CancellationToken);
        return answer.Headers.Location!.AbsoluteUri;
    }

    public void Dispose() => _http.Dispose();

    private static string[] Cookies(HttpResponseMessage answer) =>
        answer.Headers.TryGetValues("Set-Cookie", out var cookies) ? [.. cookies] : [];
}
