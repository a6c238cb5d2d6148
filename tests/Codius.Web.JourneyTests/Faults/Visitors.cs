using Codius.Testing;

namespace Codius.Web.JourneyTests.Faults;

/// <summary>Programs that visit an app through one gateway, each again and again, whatever happens to the gateway.</summary>
internal sealed class Visitors(int port) : IDisposable
{
    private const int Count = 4;

    /// <summary>In place of a status: the request got no answer, and may have reached the app.</summary>
    public const int Cut = 0;

    /// <summary>In place of a status: the request reached no gateway.</summary>
    public const int Refused = -1;

    // Both gateways, Redis, two apps and these share two cores, which must not be the fault.
    public static TimeSpan Interval { get; } = TimeSpan.FromMilliseconds(8);

    private readonly HttpClient _http = new(GatewayUnderTest.Handler(port)) { Timeout = TimeSpan.FromMinutes(1) };

    /// <summary>Visits until stopped; no request is cancelled.</summary>
    public Task VisitAsync(string url, Func<AnswerLog> log, CancellationToken stop) =>
        Task.WhenAll(Enumerable.Range(0, Count).Select(_ => Task.Run(() => VisitOneByOneAsync(url, log, stop), CancellationToken.None)));

    public void Dispose() => _http.Dispose();

    private async Task VisitOneByOneAsync(string url, Func<AnswerLog> log, CancellationToken stop)
    {
        using var timer = new PeriodicTimer(Interval, TimeProvider.System);
        var wasAnswered = true;
        while (!stop.IsCancellationRequested)
        {
            wasAnswered = await VisitOnceAsync(url, log, wasAnswered) > Cut;
            await timer.WaitForNextTickAsync(CancellationToken.None);
        }
    }

    /// <returns>The status, <see cref="Cut"/> or <see cref="Refused"/>.</returns>
    public async Task<int> VisitOnceAsync(string url, Func<AnswerLog> log, bool wasAnswered, TimeSpan? patience = null)
    {
        var asked = TimeProvider.System.GetTimestamp();
        using var enough = new CancellationTokenSource(patience ?? Timeout.InfiniteTimeSpan, TimeProvider.System);
        try
        {
            using var answer = await _http.GetAsync(url, enough.Token);
            log().Answered(asked, (int)answer.StatusCode, answer.Headers.RetryAfter is not null);
            return (int)answer.StatusCode;
        }
        catch (Exception failed) when (failed is HttpRequestException or TaskCanceledException)
        {
            // The client sends a request again whose connection ended, so a refusal may be the second end of one.
            var isCut = wasAnswered || failed is not HttpRequestException { HttpRequestError: HttpRequestError.ConnectionError };
            log().Unanswered(asked, isCut);
            return isCut ? Cut : Refused;
        }
    }
}
