namespace Codius.Web.Apps.Kubernetes.Webhooks;

/// <summary>
/// The content of the webhooks' Secret, in PEM: the authority, its key, and the certificate the gateways serve.
/// </summary>
/// <param name="Authorities">The authorities API servers must trust (<c>caBundle</c>): the current one, then the one before it.</param>
/// <param name="AuthorityKey">The private key of the first.</param>
/// <param name="Certificate">The certificate the gateways serve.</param>
/// <param name="Key">Its private key.</param>
internal sealed record CertificateBundle(string Authorities, string AuthorityKey, string Certificate, string Key)
{
    public override string ToString() => "***";
}
