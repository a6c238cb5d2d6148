using System.Security.Cryptography.X509Certificates;

namespace Codius.Web.Apps.Kubernetes.Webhooks;

/// <summary>The current certificate of the webhooks' port; a new one is used from the next connection on, without a restart.</summary>
internal sealed class WebhookCertificates
{
    private volatile X509Certificate2? _current;

    /// <summary>Null until the first one was loaded: connections fail until then.</summary>
    public X509Certificate2? Current => _current;

    public void Replace(string certificatePem, string keyPem)
    {
        using var fromPem = X509Certificate2.CreateFromPem(certificatePem, keyPem);
        // Through PKCS #12, since TLS on some systems cannot use an ephemeral key. The one before is not disposed: handshakes may
        // still use it.
        _current = X509CertificateLoader.LoadPkcs12(fromPem.Export(X509ContentType.Pkcs12), null);
    }
}
