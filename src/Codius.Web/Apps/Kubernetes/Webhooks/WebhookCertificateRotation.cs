using System.Security.Cryptography;
using Codius.Web.Apps.Kubernetes.Leading;
using Codius.Web.Apps.Kubernetes.Watching;
using Codius.Web.Hosting.Supervision;
using k8s;
using k8s.Autorest;
using k8s.Models;
using Microsoft.Extensions.Options;

namespace Codius.Web.Apps.Kubernetes.Webhooks;

/// <summary>
/// Rotates the webhooks' certificate in a Secret. Every gateway watches it and serves its certificate; the leader renews it, and
/// publishes an authority to the API servers before any gateway serves a certificate signed by it.
/// </summary>
internal sealed partial class WebhookCertificateRotation(
    IKubernetes client, CertificateSecret place, WebhookAuthorities authorities, CertificateMaker maker, WebhookCertificates certificates,
    ILeadership leadership, IOptions<WebhookOptions> options, Supervisor supervisor, TimeProvider time,
    ILogger<WebhookCertificateRotation> log) : SupervisedService(supervisor.Work("webhook certificate"))
{
    /// <summary>
    /// How often the leader checks what is due: at most so late a webhook configuration that was applied again gets its authority.
    /// </summary>
    private static readonly TimeSpan Round = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan AfterTrouble = TimeSpan.FromSeconds(5);

    private readonly LeaderRounds _rounds = new(leadership, time);
    private readonly Informer<V1Secret> _secret = new(place.Source(client), supervisor, time, log);

    /// <summary>The watch, for the cluster's health; none where the host configured its own certificate.</summary>
    public IEnumerable<IWatch> Watches => IsWanted ? [_secret] : [];

    // Otherwise another program renews the files, and writes caBundle.
    private bool IsWanted => options.Value.Enabled && options.Value.CertificateFile is null;

    protected override async Task RunAsync(CancellationToken stoppingToken)
    {
        if (!IsWanted) return;
        _secret.Changed += OnSecretChanged;
        // Each supervised by itself: one that fails for good must not be hidden by the other, which never ends.
        await Task.WhenAll(
            supervisor.Work("webhook certificate watch").RunAsync(_secret.RunAsync, stoppingToken),
            supervisor.Work("webhook certificate renewal").RunAsync(
                end => _rounds.RunAsync(Round, async round => await TryRenewAsync(round) ? null : AfterTrouble, end), stoppingToken));
        _secret.Changed -= OnSecretChanged;
    }

    private void OnSecretChanged(V1Secret? before, V1Secret? now)
    {
        if (now is not null) Serve(now);
        // The leader repairs a deleted or damaged Secret.
        _rounds.Signal();
    }

    private async Task<bool> TryRenewAsync(CancellationToken end)
    {
        try
        {
            var there = await place.ReadAsync(client, end);
            var bundle = CertificateSecret.Open(there);
            var renewed = maker.Renew(bundle, place.DnsNames);
            await authorities.PublishAsync(renewed.Authorities, end);
            // A crash here leaves API servers that trust an authority whose key is lost, beside the current one; the next round
            // replaces it.
            if (renewed == bundle) return true;
            await place.WriteAsync(client, there, renewed, end);
            LogRenewed();
            return true;
        }
        catch (Exception trouble) when (IsTrouble(trouble))
        {
            // Also a conflict: another gateway leads by now, or the object is being edited; tried again.
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
            // Edited by hand: the one before is served until the leader has repaired it.
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
