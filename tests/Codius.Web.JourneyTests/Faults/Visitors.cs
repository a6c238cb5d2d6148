using Codius.Testing;

namespace Codius.Web.JourneyTests.Faults;

/// <summary>Programs that visit an app through one gateway, each again and again, whatever happens to the gateway.</summary>
internal sealed class Visitors(int port) : IDisposable
{
    private const int Count = 4;

    // Both gateways, Redis, two apps and these share two cores, which must not be the fault.
    public static TimeSpan Interval { get; } = TimeSpan.FromMilliseconds(8);

    private readonly HttpClient _http = new(GatewayUnderTest.Handler(port)) { Timeout = TimeSpan.FromMinutes(1) };

    /// <summary>Visits until stopped; no request is cancelled.</summary>
    public Task VisitAsync(string url, AnswerLog log, CancellationToken stop) =>
        Task.WhenAll(Enumerable.Range(0, Count).Select(_ => Task.Run(() => VisitOneByOneAsync(url, log, stop), CancellationToken.None)));

    public void Dispose() => _http.Dispose();

    private async Task VisitOneByOneAsync(string url, AnswerLog log, CancellationToken stop)
    {
        using var timer = new PeriodicTimer(Interval, TimeProvider.System);
        var wasAnswered = true;
        while (!stop.IsCancellationRequested)
        {
            wasAnswered = await VisitOnceAsync(url, log, wasAnswered) != 0;
            await timer.WaitForNextTickAsync(CancellationToken.None);
        }
    }

    /// <returns>The status; 0 if there was no answer.</returns>
    public async Task<int> VisitOnceAsync(string url, AnswerLog log, bool wasAnswered)
    {
        var asked = TimeProvider.System.GetTimestamp();
        try
        {
            using var answer = await _http.GetAsync(url, CancellationToken.None);
            log.Answered(asked, (int)answer.StatusCode, answer.Headers.RetryAfter is not null);
            return (int)answer.StatusCode;
        }
        catch (Exception failed) when (failed is HttpRequestException or TaskCanceledException)
        {
            // The client sends a request again whose connection ended, so a refusal may be the second end of one.
            log.Unanswered(asked, wasAnswered || failed is not HttpRequestException { HttpRequestError: HttpRequestError.ConnectionError });
            return 0;
        }
    }
}
