using System.Security.Cryptography;
using System.Threading.Channels;
using Codius.Web.Apps.Kubernetes.Leading;
using Codius.Web.Apps.Kubernetes.Watching;
using Codius.Web.Hosting.Supervision;
using k8s;
using k8s.Autorest;
using k8s.Models;
using Microsoft.Extensions.Options;

namespace Codius.Web.Apps.Kubernetes.Webhooks;

/// <summary>
/// Keeps the webhooks' certificate in a Secret. Every gateway watches it and shows what is in it; the leader renews it, and
/// tells the API servers of an authority before any gateway shows what that signed.
/// </summary>
internal sealed partial class WebhookCertificateRotation(
    IKubernetes client, CertificateSecret place, WebhookAuthorities authorities, CertificateMaker maker, WebhookCertificates certificates,
    ILeadership leadership, IOptions<WebhookOptions> options, Supervisor supervisor, TimeProvider time,
    ILogger<WebhookCertificateRotation> log) : SupervisedService(supervisor.Work("webhook certificate"))
{
    /// <summary>
    /// How often the leader looks whether something is due: so late at most a webhook configuration that was applied anew has its
    /// authority.
    /// </summary>
    private static readonly TimeSpan Round = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan AfterTrouble = TimeSpan.FromSeconds(5);

    private readonly Channel<bool> _triggers =
        Channel.CreateBounded<bool>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });
    private readonly Informer<V1Secret> _secret = new(place.Source(client), supervisor, time, log);

    /// <summary>What is watched here, for the cluster's health; nothing where a certificate of the host's own is served.</summary>
    public IEnumerable<IWatch> Watches => IsWanted ? [_secret] : [];

    // Otherwise somebody else renews the files, and writes caBundle.
    private bool IsWanted => options.Value.Enabled && options.Value.CertificateFile is null;

    protected override async Task RunAsync(CancellationToken stoppingToken)
    {
        if (!IsWanted) return;
        leadership.Changed += Trigger;
        _secret.Changed += OnSecretChanged;
        // One that fails for good must not hide behind the other, which never ends.
        await Task.WhenAll(
            supervisor.Work("webhook certificate watch").RunAsync(_secret.RunAsync, stoppingToken),
            supervisor.Work("webhook certificate renewal").RunAsync(RenewLoopAsync, stoppingToken));
        _secret.Changed -= OnSecretChanged;
        leadership.Changed -= Trigger;
    }

    private void Trigger() => _triggers.Writer.TryWrite(true);

    private void OnSecretChanged(V1Secret? before, V1Secret? now)
    {
        if (now is not null) Serve(now);
        // Whoever leads mends what was deleted or damaged.
        Trigger();
    }

    private async Task RenewLoopAsync(CancellationToken end)
    {
        while (!end.IsCancellationRequested)
        {
            var wait = Round;
            if (leadership.IsLeader && !await TryRenewAsync(end)) wait = AfterTrouble;
            using var round = new CancellationTokenSource(wait, time);
            using var either = CancellationTokenSource.CreateLinkedTokenSource(round.Token, end);
            await ((Task)_triggers.Reader.WaitToReadAsync(either.Token).AsTask()).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            _triggers.Reader.TryRead(out _);
        }
    }

    private async Task<bool> TryRenewAsync(CancellationToken end)
    {
        try
        {
            var there = await place.ReadAsync(client, end);
            var bundle = CertificateSecret.Open(there);
            var renewed = maker.Renew(bundle, place.DnsNames);
            await authorities.PublishAsync(renewed.Authorities, end);
            // A crash here leaves API servers that believe an authority whose key is gone beside the one in use; the next round replaces
            // it.
            if (renewed == bundle) return true;
            await place.WriteAsync(client, there, renewed, end);
            LogRenewed();
            return true;
        }
        catch (Exception trouble) when (IsTrouble(trouble))
        {
            // A conflict among them: another gateway leads by now, or somebody edits; looked at again.
            if (!end.IsCancellationRequested) LogTrouble(trouble.Message);
            return false;
        }
    }

    private void Serve(V1Secret secret)
    {
        try
        {
            if (CertificateSecret.Open(secret) is { } bundle) certificates.Replace(bundle.Certificate, bundle.Key);
        }
        catch (Exception broken) when (broken is CryptographicException or ArgumentException)
        {
            // Edited by hand: the one before is served until the leader has mended it.
            LogTrouble(broken.Message);
        }
    }

    private static bool IsTrouble(Exception exception) =>
        exception is HttpOperationException or HttpRequestException or IOException or OperationCanceledException or TimeoutException
            or System.Text.Json.JsonException;

    [LoggerMessage(LogLevel.Information, "The webhooks have a new certificate")]
    private partial void LogRenewed();

    [LoggerMessage(LogLevel.Warning, "The webhooks' certificate could not be kept up, tried again: {Cause}")]
    private partial void LogTrouble(string cause);
}
