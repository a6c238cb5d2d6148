using System.Net;
using System.Text.RegularExpressions;
using Codius.Testing;

namespace Codius.Web.Tests.Payments.OwnWallet;

/// <summary>A browser of one visitor, as far as this needs one: keeps cookies, sends forms, follows what it is told to.</summary>
internal sealed class Visitor : IDisposable
{
    private readonly CookieContainer _cookies = new();
    private readonly HttpClient _http;

    public Visitor(int port, Func<HttpMessageHandler, HttpMessageHandler>? through = null)
    {
        var handler = GatewayUnderTest.Handler(port);
        (handler.UseCookies, handler.CookieContainer) = (true, _cookies);
        _http = new HttpClient(through?.Invoke(handler) ?? handler);
        _http.DefaultRequestHeaders.Accept.ParseAdd("text/html");
    }

    public CookieCollection CookiesOf(string app) => _cookies.GetCookies(new Uri(GatewayUnderTest.UrlOf(app)));

    public async Task<(int Status, string Text, HttpResponseMessage Answer)> OpenAsync(string url)
    {
        var answer = await _http.GetAsync(url, TestContext.Current.CancellationToken);
        return ((int)answer.StatusCode, WebUtility.HtmlDecode(await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken)), answer);
    }

    /// <summary>Sends the form "pay from your own wallet".</summary>
    public async Task<(int Status, string Text)> SendAsync(string app, string wallet, int times = 1, string? origin = null, string back = "/")
    {
        var url = GatewayUnderTest.UrlOf(app);
        using var request = new HttpRequestMessage(HttpMethod.Post, url + ".well-known/codius/pay");
        request.Headers.Add("Origin", origin ?? url.TrimEnd('/'));
        request.Content = new FormUrlEncodedContent([new("wallet", wallet), new("times", times.ToString()), new("back", back)]);
        using var answer = await _http.SendAsync(request, TestContext.Current.CancellationToken);
        return ((int)answer.StatusCode, WebUtility.HtmlDecode(await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken)));
    }

    /// <summary>Goes to the wallet, says yes or no there, and gives the address it is sent back to.</summary>
    public static async Task<string> ChooseAsync(string consentPage, string choice)
    {
        var wallet = Regex.Match(consentPage, "id=\"go\" href=\"([^\"]+)\"").Groups[1].Value;
        Assert.NotEmpty(wallet);
        using var direct = new HttpClient(new SocketsHttpHandler { AllowAutoRedirect = false });
        using var answer = await direct.GetAsync($"{wallet}/{choice}", TestContext.Current.CancellationToken);
        return answer.Headers.Location!.AbsoluteUri;
    }

    public void Dispose() => _http.Dispose();
}
