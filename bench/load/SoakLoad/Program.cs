using System.Globalization;
using SoakLoad;

// SoakLoad GATEWAY VISITS PAYMENTS STRANGERS SLOW SECONDS
//   the gateway's public URL; honest visits, payments and strangers' requests a second; slow connections; for how long.
// Prints one line for honest clients, tab-separated (visits, failed, p50, p99 in ms, payments, refused), then what strangers got.
if (args is not [var url, var visits, var payments, var strangers, var slow, var seconds])
    throw new ArgumentException("SoakLoad GATEWAY VISITS PAYMENTS STRANGERS SLOW SECONDS");
var gateway = new Uri(url);
using var honestAddresses = new ClientAddresses(2, 50, gateway.Port);
using var strangersAddresses = new ClientAddresses(1, 1_000, gateway.Port);
using var silent = new SilentHosts();
var outcomes = new Outcomes();
var honest = new HonestClients(gateway, honestAddresses, outcomes);
using var end = new CancellationTokenSource(TimeSpan.FromSeconds(Number(seconds)));
var left = new Strangers(gateway, strangersAddresses, silent, outcomes).RunAsync(Number(strangers), end.Token);
await Task.WhenAll(
    left,
    honest.VisitAsync(Number(visits), end.Token),
    honest.PayAsync(Number(payments), end.Token),
    new SlowConnections(gateway, strangersAddresses, outcomes).RunAsync((int)Number(slow), end.Token));
var result = honest.Collect();
Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
    $"{result.Milliseconds.Length}\t{result.Failed}\t{result.Quantile(0.5):0.0}\t{result.Quantile(0.99):0.0}\t{result.Paid}\t"
    + $"{result.Unpaid}"));
foreach (var kind in outcomes.ByKind)
    Console.WriteLine($"{kind.Key}\t{string.Join(", ", kind.Select(status => $"{status.Status}: {status.Count}"))}");
if (await left > 0) Console.WriteLine($"left out\t{await left}");

static double Number(string text) => double.Parse(text, CultureInfo.InvariantCulture);
