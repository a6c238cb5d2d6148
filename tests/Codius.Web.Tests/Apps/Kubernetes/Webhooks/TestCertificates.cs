using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Codius.Web.Apps.Kubernetes.Webhooks;

namespace Codius.Web.Tests.Apps.Kubernetes.Webhooks;

/// <summary>Client certificates like an API server's, signed by an authority of the cluster.</summary>
internal static class TestCertificates
{
    public static CertificateBundle Client(string name, CertificateBundle? of = null)
    {
        of ??= new CertificateMaker(TimeProvider.System).Renew(null, ["unused"]);
        using var authority = X509Certificate2.CreateFromPem(of.Authorities, of.AuthorityKey);
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest($"CN={name}", key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509EnhancedKeyUsageExtension([new Oid("1.3.6.1.5.5.7.3.2")], critical: false));
        var now = TimeProvider.System.GetUtcNow();
        using var certificate = request.Create(authority, now.AddMinutes(-1), now.AddDays(1), RandomNumberGenerator.GetBytes(8));
        return of with { Certificate = certificate.ExportCertificatePem(), Key = key.ExportPkcs8PrivateKeyPem() };
    }
}
