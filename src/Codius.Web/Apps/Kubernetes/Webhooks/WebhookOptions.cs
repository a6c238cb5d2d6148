namespace Codius.Web.Apps.Kubernetes.Webhooks;

/// <summary>Which API servers may call the webhooks. Section <c>Webhooks</c>.</summary>
internal sealed class WebhookOptions
{
    public const string Section = "Webhooks";

    /// <summary>
    /// False where the cluster's API server cannot call the gateway: then apps are deployed with <c>PUT</c>, not with kubectl.
    /// </summary>
    /// <value>The default is true.</value>
    public bool Enabled { get; set; } = true;

    /// <summary>PEM file with the authorities that sign the API server's client certificate for webhooks. Needed on Kubernetes.</summary>
    public string? ClientAuthorityFile { get; set; }

    /// <summary>Common names such a certificate may have.</summary>
    /// <value>The default is any: the authority should sign for nothing else then.</value>
    public IList<string> ClientNames { get; } = [];

    /// <summary>
    /// PEM file of a certificate of the host's own for the webhooks' port (cert-manager's <c>tls.crt</c>); read again when it changes.
    /// </summary>
    /// <value>The default is none: the gateways make their own.</value>
    public string? CertificateFile { get; set; }

    /// <summary>PEM private key that belongs to <see cref="CertificateFile"/>.</summary>
    public string? CertificateKeyFile { get; set; }
}
