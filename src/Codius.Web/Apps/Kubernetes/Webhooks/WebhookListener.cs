using Codius.Web.Hosting;
using Codius.Web.Hosting.Listening;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.Server.Kestrel.Https;
using Microsoft.Extensions.Options;

namespace Codius.Web.Apps.Kubernetes.Webhooks;

/// <summary>
/// Opens the webhooks' port where apps run on Kubernetes: TLS with the current certificate, for the API server alone.
/// </summary>
internal sealed class WebhookListener(
    WebhookCertificates certificates, ApiServerCertificates clients, IOptions<AppOptions> apps, IOptions<WebhookOptions> webhooks)
    : IListenerOpener
{
    public void Open(KestrelServerOptions kestrel, GatewayOptions gateway)
    {
        if (apps.Value.Engine != AppEngine.Kubernetes || !webhooks.Value.Enabled) return;
        Listeners.Open(kestrel, gateway.Listen, gateway.WebhookPort, Listener.Webhooks, listen => listen.UseHttps(https =>
        {
            https.ServerCertificateSelector = (_, _) => certificates.Current;
            // The selector gives the certificate alone.
            https.OnAuthenticate = (_, tls) =>
            {
                tls.ServerCertificateSelectionCallback = null;
                tls.ServerCertificateContext = certificates.Context;
            };
            https.ClientCertificateMode = ClientCertificateMode.RequireCertificate;
            https.ClientCertificateValidation = (certificate, _, _) => clients.IsTrusted(certificate);
        }));
    }
}
