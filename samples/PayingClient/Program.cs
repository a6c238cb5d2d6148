using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text.Json;
using Interledger.Net.IlpOverHttp;
using Interledger.Net.Spsp;
using Interledger.Net.Streaming.Sending;

// Requests a URL and, if the answer is 402, pays what it demands and requests it again:
//   PayingClient [--development] URL ACCOUNT [MOST]
// ACCOUNT is the ILP-over-HTTP endpoint of an account with money; its token comes from the environment, ILP_TOKEN. MOST is the most units
// of the account that may be spent (1,000,000 by default). With --development a payment pointer may have a port, and one of this machine is
// queried without TLS, as a sandbox needs it. The answer's body goes to standard output; what was paid, to standard error.
var pointers = args is ["--development", ..] ? PaymentPointerOptions.Development : new PaymentPointerOptions();
if (pointers.AllowPort) args = args[1..];
if (args.Length < 2 || Environment.GetEnvironmentVariable("ILP_TOKEN") is not { Length: > 0 } token)
{
    Console.Error.WriteLine("Usage: ILP_TOKEN=... PayingClient [--development] URL ACCOUNT [MOST]");
    return 2;
}

var most = args.Length > 2 ? ulong.Parse(args[2], CultureInfo.InvariantCulture) : 1_000_000;
using var stop = new CancellationTokenSource();
Console.CancelKeyPress += (_, pressed) =>
{
    pressed.Cancel = true;
    stop.Cancel();
};

using var http = new HttpClient(new SocketsHttpHandler { ConnectCallback = ConnectAsync });
var answer = await http.GetAsync(new Uri(args[0]), stop.Token);
if (answer.StatusCode == HttpStatusCode.PaymentRequired)
{
    var (wallet, units) = await ReadDemandAsync(answer, stop.Token);
    if (wallet is null) return Fail("The answer is 402, but does not say where to pay.");

    if (await PayAsync(wallet, units) is { } problem) return Fail(problem);
    answer = await http.GetAsync(new Uri(args[0]), stop.Token);
}

await answer.Content.CopyToAsync(Console.OpenStandardOutput(), stop.Token);
return answer.IsSuccessStatusCode ? 0 : Fail($"The answer is {(int)answer.StatusCode}.");

// Pays by STREAM; returns the error, or null.
async Task<string?> PayAsync(Uri wallet, ulong units)
{
    using var spsp = new SpspClient(
        new SpspClientOptions(), new SocketsHttpHandler { AllowAutoRedirect = false, ConnectCallback = ConnectAsync });
    var receiver = await spsp.QueryAsync(wallet, receipts: null, stop.Token);
    if (!receiver.IsFound) return receiver.Explanation;

    using var account = new IlpOverHttpClient(new IlpOverHttpClientOptions { Endpoint = new Uri(args[1]), Token = token });
    await using var sender = new StreamSender(account, receiver.Response.DestinationAccount, receiver.Response.SharedSecret);
    var payment = await sender.DeliverAsync(units, most, stop.Token);
    Console.Error.WriteLine(
        $"Paid {payment.Sent} units; {payment.Delivered} {payment.Asset?.Code} (scale {payment.Asset?.Scale}) arrived.");
    return payment.Ending == PaymentEnding.Completed ? null : $"The payment ended early: {payment.Ending} {payment.LastCode}.";
}

// What the 402 requires: the body has the amount that opens the app, the Link header (or the body) the address to pay.
async Task<(Uri? Wallet, ulong Units)> ReadDemandAsync(HttpResponseMessage response, CancellationToken cancellationToken)
{
    using var problem = await JsonDocument.ParseAsync(
        await response.Content.ReadAsStreamAsync(cancellationToken), default, cancellationToken);
    // The balance may have more digits than what is paid; what is less than one unit of those does not count.
    var balance = Units(problem, "balance");
    for (var digits = Scale(problem, "balanceScale") - Scale(problem, "assetScale"); digits > 0; digits--) balance /= 10;
    var openAt = Units(problem, "openAt");
    var wallet = PaymentLink(response);
    if (wallet is null && problem.RootElement.TryGetProperty("paymentPointer", out var text)
        && PaymentPointer.TryParse(text.GetString(), pointers, out var named, out _))
        wallet = named.ToUri();
    return (wallet, openAt > balance ? openAt - balance : 1);
}

static Uri? PaymentLink(HttpResponseMessage response)
{
    if (!response.Headers.TryGetValues("Link", out var links)) return null;
    var link = links.SelectMany(line => line.Split(','))
        .FirstOrDefault(part => part.Contains("rel=\"payment\"", StringComparison.OrdinalIgnoreCase));
    var (start, end) = (link?.IndexOf('<') ?? -1, link?.IndexOf('>') ?? -1);
    return start >= 0 && end > start ? new Uri(response.RequestMessage!.RequestUri!, link![(start + 1)..end]) : null;
}

static ulong Units(JsonDocument problem, string member) =>
    problem.RootElement.TryGetProperty(member, out var text)
        && ulong.TryParse(text.GetString(), CultureInfo.InvariantCulture, out var units) ? units : 0;

static int Scale(JsonDocument problem, string member) =>
    problem.RootElement.TryGetProperty(member, out var scale) && scale.ValueKind == JsonValueKind.Number
        && scale.TryGetInt32(out var digits) ? digits : 0;

// Names under localhost are this machine (RFC 6761), but not every resolver implements that.
static async ValueTask<Stream> ConnectAsync(SocketsHttpConnectionContext context, CancellationToken cancellationToken)
{
    var (host, port) = (context.DnsEndPoint.Host, context.DnsEndPoint.Port);
    var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
    await socket.ConnectAsync(host.EndsWith(".localhost", StringComparison.Ordinal) ? "localhost" : host, port, cancellationToken);
    return new NetworkStream(socket, ownsSocket: true);
}

static int Fail(string problem)
{
    Console.Error.WriteLine(problem);
    return 1;
}
