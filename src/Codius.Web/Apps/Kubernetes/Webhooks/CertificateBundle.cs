namespace Codius.Web.Apps.Kubernetes.Webhooks;

/// <summary>
/// What the leader keeps in a Secret for the webhooks, in PEM: the authority, its key, and the certificate the gateways serve.
/// </summary>
/// <param name="Authorities">What API servers shall trust (<c>caBundle</c>): the one in force, then the one before it.</param>
/// <param name="AuthorityKey">The private key of the first.</param>
/// <param name="Certificate">What the gateways serve.</param>
/// <param name="Key">Its private key.</param>
internal sealed record CertificateBundle(string Authorities, string AuthorityKey, string Certificate, string Key)
{
    public override string ToString() => "***";
}
