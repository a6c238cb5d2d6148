namespace Codius.Sandbox;

/// <summary>
/// Sends requests for the host's names to the gateway's port on this machine, whatever port and scheme they have in public; refuses every
/// other host, since a client chooses the URLs.
/// </summary>
internal sealed class LocalRoute(SandboxSettings settings) : DelegatingHandler(Loopback.CreateHandler(settings))
{
    private const int MaxAnswerBytes = 64 * 1024;
    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(10);

    public static HttpClient CreateClient(SandboxSettings settings) =>
        new(new LocalRoute(settings)) { Timeout = Timeout, MaxResponseContentBufferSize = MaxAnswerBytes };

    protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        var url = request.RequestUri!;
        // After the signature, which covers the public URL.
        if (Loopback.IsOurs(url.IdnHost, settings)) request.RequestUri = new Uri($"http://{url.IdnHost}:{settings.Port}{url.PathAndQuery}");
        else if (!url.IsLoopback) throw new HttpRequestException($"The sandbox calls this machine only, not {url.IdnHost}.");
        return base.SendAsync(request, cancellationToken);
    }
}
