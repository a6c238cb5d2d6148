using System.Net;
using System.Text;
using k8s;
using k8s.Autorest;

namespace Codius.Web.Apps.Kubernetes.Webhooks;

/// <summary>Publishes the authorities that API servers must trust in the <c>caBundle</c> of both webhook configurations.</summary>
internal sealed partial class WebhookAuthorities(IKubernetes client, ILogger<WebhookAuthorities> log)
{
    /// <summary>The name of both configurations.</summary>
    public const string Configuration = "codius-web";

    private bool _missingLogged;

    /// <summary>Writes where the value differs; fails if a configuration is changed at the same time.</summary>
    public async Task PublishAsync(string authorities, CancellationToken cancellation)
    {
        var bundle = Encoding.ASCII.GetBytes(authorities);
        try
        {
            var mutating =
                await client.AdmissionregistrationV1.ReadMutatingWebhookConfigurationAsync(Configuration, cancellationToken: cancellation);
            var stale = mutating.Webhooks.Where(webhook => !bundle.AsSpan().SequenceEqual(webhook.ClientConfig.CaBundle)).ToArray();
            foreach (var webhook in stale) webhook.ClientConfig.CaBundle = bundle;
            if (stale.Length > 0)
                await client.AdmissionregistrationV1.ReplaceMutatingWebhookConfigurationAsync(mutating, Configuration,
                    cancellationToken: cancellation);

            var validating = await client.AdmissionregistrationV1.ReadValidatingWebhookConfigurationAsync(Configuration,
                cancellationToken: cancellation);
            var staleToo = validating.Webhooks.Where(webhook => !bundle.AsSpan().SequenceEqual(webhook.ClientConfig.CaBundle)).ToArray();
            foreach (var webhook in staleToo) webhook.ClientConfig.CaBundle = bundle;
            if (staleToo.Length > 0)
                await client.AdmissionregistrationV1.ReplaceValidatingWebhookConfigurationAsync(validating, Configuration,
                    cancellationToken: cancellation);
            _missingLogged = false;
        }
        catch (HttpOperationException missing) when (missing.Response?.StatusCode == HttpStatusCode.NotFound)
        {
            // Tried again with every round: no restart is needed when they are applied later.
            if (!_missingLogged) LogMissing(Configuration);
            _missingLogged = true;
        }
    }

    [LoggerMessage(LogLevel.Warning, "The webhook configurations {Name} are not in the cluster, so nothing checks what kubectl writes; "
        + "apply deploy/base/webhooks.yaml, or set Webhooks:Enabled to false")]
    private partial void LogMissing(string name);
}
