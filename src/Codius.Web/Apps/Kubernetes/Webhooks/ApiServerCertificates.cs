using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Microsoft.Extensions.Options;

namespace Codius.Web.Apps.Kubernetes.Webhooks;

/// <summary>Authenticates the API server by its client certificate: other clients can reach the webhooks' port too.</summary>
internal sealed class ApiServerCertificates(IOptions<WebhookOptions> options)
{
    private static readonly Oid ClientAuthentication = new("1.3.6.1.5.5.7.3.2");

    private readonly Lazy<X509Certificate2Collection> _authorities = new(() =>
    {
        var authorities = new X509Certificate2Collection();
        authorities.ImportFromPemFile(options.Value.ClientAuthorityFile!);
        return authorities;
    });

    public bool IsTrusted(X509Certificate2 certificate)
    {
        using var chain = new X509Chain();
        chain.ChainPolicy.TrustMode = X509ChainTrustMode.CustomRootTrust;
        chain.ChainPolicy.CustomTrustStore.AddRange(_authorities.Value);
        chain.ChainPolicy.ApplicationPolicy.Add(ClientAuthentication);
        // A cluster's own authority publishes no revocations.
        chain.ChainPolicy.RevocationMode = X509RevocationMode.NoCheck;
        var names = options.Value.ClientNames;
        return chain.Build(certificate)
            && (names.Count == 0 || names.Contains(certificate.GetNameInfo(X509NameType.SimpleName, forIssuer: false)));
    }
}
