using System.Diagnostics;
using System.Net;

namespace SoakLoad;

/// <summary>Visitors of a funded app, whose answers are timed, and payers, whose payments must all be credited.</summary>
internal sealed class HonestClients(Uri gateway, ClientAddresses addresses, Outcomes outcomes)
{
    private const string App = "hello";
    private const int MostAtOnce = 1_000;
    private readonly List<double> _milliseconds = [];
    private readonly Lock _gate = new();
    private long _failed, _paid, _unpaid;

    /// <summary>Visits at this rate until cancelled.</summary>
    public Task VisitAsync(double perSecond, CancellationToken cancellation) => OpenLoop.RunAsync(perSecond, MostAtOnce, async number =>
    {
        var begin = Stopwatch.GetTimestamp();
        try
        {
            using var response = await addresses[(int)(number % addresses.Count)].GetAsync(Of(App, "/"), CancellationToken.None);
            if (response.StatusCode != HttpStatusCode.OK) throw new HttpRequestException(response.StatusCode.ToString());
            var took = Stopwatch.GetElapsedTime(begin).TotalMilliseconds;
            lock (_gate) _milliseconds.Add(took);
        }
        catch (Exception exception) when (exception is HttpRequestException or OperationCanceledException)
        {
            Interlocked.Increment(ref _failed);
            outcomes.Add("honest visit", exception is OperationCanceledException ? "no answer in 30 s" : exception.Message);
        }
    }, cancellation);

    /// <summary>Pays a tenth through the sandbox wallet at this rate until cancelled.</summary>
    public Task PayAsync(double perSecond, CancellationToken cancellation) =>
        OpenLoop.RunAsync(perSecond, 1, async _ => await TryPayAsync("0.1"), cancellation);

    /// <summary>Pays once; false if the wallet or the gateway refused.</summary>
    public async Task<bool> TryPayAsync(string amount)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, Of("wallet", "/pay"))
        {
            Content = new FormUrlEncodedContent(new Dictionary<string, string>
            {
                ["pointer"] = $"${App}.{gateway.Authority}",
                ["amount"] = amount,
                ["per"] = "once",
            }),
        };
        request.Headers.Add("Origin", $"http://wallet.{gateway.Authority}");
        try
        {
            using var response = await addresses.Any().SendAsync(request, CancellationToken.None);
            var isPaid = (int)response.StatusCode < 400;
            Interlocked.Increment(ref isPaid ? ref _paid : ref _unpaid);
            return isPaid;
        }
        catch (Exception exception) when (exception is HttpRequestException or OperationCanceledException)
        {
            Interlocked.Increment(ref _unpaid);
            return false;
        }
    }

    /// <summary>The times of the visits since the last call, and how many failed; payments that were made and that were refused.</summary>
    public HonestResult Collect()
    {
        lock (_gate)
        {
            var sorted = _milliseconds.Order().ToArray();
            _milliseconds.Clear();
            return new HonestResult(sorted, Interlocked.Exchange(ref _failed, 0), Interlocked.Exchange(ref _paid, 0),
                Interlocked.Exchange(ref _unpaid, 0));
        }
    }

    private Uri Of(string label, string path) => new($"http://{label}.{gateway.Authority}{path}");
}

/// <summary>What honest clients saw.</summary>
/// <param name="Milliseconds">How long each visit took, sorted.</param>
/// <param name="Failed">Visits that were not answered 200.</param>
/// <param name="Paid">Payments made.</param>
/// <param name="Unpaid">Payments that failed.</param>
internal sealed record HonestResult(double[] Milliseconds, long Failed, long Paid, long Unpaid)
{
    /// <summary>The time that this part of the visits stayed below.</summary>
    public double Quantile(double part) => Milliseconds.Length == 0 ? 0 : Milliseconds[(int)((Milliseconds.Length - 1) * part)];
}
