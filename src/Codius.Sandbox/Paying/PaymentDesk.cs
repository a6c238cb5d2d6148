using System.Collections.Concurrent;
using System.Globalization;
using Codius.Sandbox.Money;
using Interledger.Net.IlpOverHttp;
using Interledger.Net.Spsp;
using Interledger.Net.Streaming.Sending;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Codius.Sandbox.Paying;

/// <summary>
/// The visitor's wallet: starts, observes and stops payments; each finds its payee's address, as by an SPSP query, then sends STREAM
/// through the connector.
/// </summary>
internal sealed class PaymentDesk : IHostedService, IDisposable
{
    private static readonly TimeSpan PeerTimeout = TimeSpan.FromSeconds(10);

    private readonly ConcurrentDictionary<string, (CancellationTokenSource Stop, Task Work)> _running = new();
    private readonly StateStore _store;
    private readonly SandboxSettings _settings;
    private readonly TimeProvider _time;
    private readonly ILogger<PaymentDesk> _log;
    private readonly IlpOverHttpClient _path;
    private readonly HttpClient _http;
    private readonly SpspClient _spsp;

    public PaymentDesk(StateStore store, SandboxSettings settings, SandboxTokens tokens, TimeProvider time, ILogger<PaymentDesk> log)
    {
        (_store, _settings, _time, _log) = (store, settings, time, log);
        var connector =
            new IlpOverHttpClientOptions
            {
                Endpoint = Loopback.UrlOf("connector", "/ilp", settings),
                Token = tokens.WalletToConnector,
                Time = time
            };
        _path = new IlpOverHttpClient(connector, Loopback.CreateHandler(settings));
        _http = new HttpClient(Loopback.CreateHandler(settings)) { Timeout = PeerTimeout };
        _spsp = new SpspClient(
            new SpspClientOptions { Resolve = pointer => Payee.Resolve(pointer, settings), Timeout = PeerTimeout, Time = time },
                Loopback.CreateHandler(settings));
    }

    /// <summary>Starts a payment to what a person typed; returns once it ended, or after a moment if it goes on.</summary>
    public Task<Payment> StartAsync(string typed, PaymentPointer payee, ulong amount, bool perSecond, TimeSpan moment)
    {
        // As a page of 2020 posts its browser's receipts, this wallet posts them for accounts of its own host.
        var account = Payee.AccountOf(payee, _settings);
        var order = new PaymentOrder
        {
            Name = typed,
            Amount = amount,
            PerSecond = perSecond,
            FindAsync = async stop =>
            {
                var found = await _spsp.QueryAsync(payee, receipts: null, stop);
                return found.Response is { } answer
                    ? new Destination(answer.DestinationAccount, answer.SharedSecret)
                    : new Destination(found.Explanation);
            },
            ReceiptsTo = account is null ? null : Loopback.UrlOf(null, $"/balances/{account}:creditReceipt", _settings),
        };
        return StartAsync(order, moment);
    }

    /// <summary>Starts a payment; returns once it ended, or after a moment if it goes on.</summary>
    public async Task<Payment> StartAsync(PaymentOrder order, TimeSpan moment)
    {
        var payment = new Payment
        {
            Id = Guid.NewGuid().ToString("N", CultureInfo.InvariantCulture)[..12],
            Pointer = order.Name,
            StartedAt = _time.GetUtcNow(),
            Amount = order.Amount,
            PerSecond = order.PerSecond,
            State = PaymentState.Running,
        };
        _store.History.Put(payment);
        var stop = new CancellationTokenSource();
        var begin = new TaskCompletionSource();
        var work = begin.Task.ContinueWith(
            _ => _settings.Supervise("sandbox payments", () => RunAsync(payment, order, stop)), TaskScheduler.Default).Unwrap();
        _running[payment.Id] = (stop, work);
        begin.SetResult();
        await work.WaitAsync(moment, _time).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        return _store.History.Find(payment.Id) ?? payment;
    }

    /// <summary>Stops a payment; returns once its last packets are answered.</summary>
    public async Task StopAsync(string id)
    {
        if (!_running.TryGetValue(id, out var running)) return;
        await running.Stop.CancelAsync();
        await running.Work;
    }

    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StopAsync(CancellationToken cancellationToken) =>
        Task.WhenAll(_running.Keys.Select(StopAsync)).WaitAsync(cancellationToken);

    public void Dispose()
    {
        _path.Dispose();
        _http.Dispose();
        _spsp.Dispose();
    }

    private async Task RunAsync(Payment payment, PaymentOrder order, CancellationTokenSource stop)
    {
        try
        {
            _store.History.Put(await PayAsync(payment, order, stop.Token));
        }
        catch (Exception broken)
        {
            // Not tried again: what was sent is sent. But it must not be shown as running for ever.
            var last = _store.History.Find(payment.Id) ?? payment;
            _store.History.Put(last with { State = PaymentState.Failed, Trouble = broken.Message });
            throw;
        }
        finally
        {
            _running.TryRemove(payment.Id, out _);
            stop.Dispose();
        }
    }

    private async Task<Payment> PayAsync(Payment payment, PaymentOrder order, CancellationToken stop)
    {
        Destination found;
        try
        {
            found = await order.FindAsync(stop);
        }
        catch (OperationCanceledException)
        {
            return payment with { State = PaymentState.Done, Trouble = "Stopped." };
        }
        if (found.Secret is not { } secret) return payment with { State = PaymentState.Failed, Trouble = found.Fault };

        var post = new ReceiptPost(_http, order.ReceiptsTo, _log);
        var posting = post.RunAsync();
        var options = new StreamSenderOptions
        {
            IdleTimeout = PeerTimeout,
            StreamingInterval = TimeSpan.FromMilliseconds(250),
            Time = _time,
            Progress = new Reporter(progress =>
            {
                post.Enqueue(progress.Receipt);
                _store.History.Put(payment with { Sent = progress.Sent });
            }),
        };
        await using var sender = new StreamSender(_path, found.Address, secret, options);
        var result = payment.PerSecond
            ? await sender.StreamAsync(payment.Amount, _store.Books.BalanceOf(Holder.Visitor), stop)
            : await sender.SendAsync(payment.Amount, stop);
        post.Enqueue(result.Receipt);
        post.Complete();
        await posting;
        return payment with
        {
            Sent = result.Sent,
            State = result.Ending is PaymentEnding.Completed or PaymentEnding.Stopped ? PaymentState.Done : PaymentState.Failed,
            Trouble = MessageOf(result),
        };
    }

    private static string MessageOf(PaymentResult result) => result.Ending switch
    {
        PaymentEnding.Completed => "",
        PaymentEnding.Stopped => "Stopped.",
        PaymentEnding.SourceLimitReached => "The wallet is empty.",
        PaymentEnding.ReceiverLimitReached => "The receiver takes no more.",
        PaymentEnding.RejectedOnPath => $"The payment was rejected on its way ({result.LastCode}).",
        PaymentEnding.TimedOut => $"Nothing arrived for a while ({result.LastCode}).",
        _ => $"The receiver ended it ({result.Ending}).",
    };

    // Progress<T> would report on another thread, later, and out of order.
    private sealed class Reporter(Action<PaymentProgress> report) : IProgress<PaymentProgress>
    {
        public void Report(PaymentProgress value) => report(value);
    }
}
