using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Codius.Web.Apps.Kubernetes.Webhooks;

/// <summary>
/// Issues the webhooks' certificates when they are due: an authority for ten years, the certificates it signs for ninety days.
/// A new authority is trusted beside the old one, so that the certificate a replica still serves stays valid.
/// </summary>
internal sealed class CertificateMaker(TimeProvider time)
{
    public static readonly TimeSpan AuthorityLifetime = TimeSpan.FromDays(3650);
    public static readonly TimeSpan AuthorityRenewedBefore = TimeSpan.FromDays(365);
    public static readonly TimeSpan Lifetime = TimeSpan.FromDays(90);
    public static readonly TimeSpan RenewedBefore = TimeSpan.FromDays(30);

    /// <summary>Clocks of API servers may be behind.</summary>
    private static readonly TimeSpan Backdated = TimeSpan.FromHours(1);

    private static readonly Oid ServerAuthentication = new("1.3.6.1.5.5.7.3.1");

    /// <summary>
    /// The bundle to use from now on: the same one while it is valid for these names, else one with the due parts renewed.
    /// </summary>
    public CertificateBundle Renew(CertificateBundle? bundle, IReadOnlyList<string> names)
    {
        if (bundle is null || !IsReadable(bundle)) return Issue(NewAuthority(""), names);
        using var authority = X509Certificate2.CreateFromPem(bundle.Authorities);
        if (IsDue(authority, AuthorityRenewedBefore)) return Issue(NewAuthority(bundle.Authorities), names);
        using var certificate = X509Certificate2.CreateFromPem(bundle.Certificate);
        return IsDue(certificate, RenewedBefore) || names.Any(name => !Matches(certificate, name)) ? Issue(bundle, names) : bundle;
    }

    private bool IsDue(X509Certificate2 certificate, TimeSpan before) =>
        time.GetUtcNow() >= new DateTimeOffset(certificate.NotAfter.ToUniversalTime()) - before;

    private static bool Matches(X509Certificate2 certificate, string name) =>
        certificate.MatchesHostname(name, allowWildcards: false, allowCommonName: false);

    private CertificateBundle NewAuthority(string before)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        // A unique name: two authorities that differ only by their keys confuse some verifiers.
        var request = new CertificateRequest($"CN=Codius webhooks {Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(4))}", key,
            HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(X509BasicConstraintsExtension.CreateForCertificateAuthority(pathLengthConstraint: 0));
        request.CertificateExtensions.Add(
            new X509KeyUsageExtension(X509KeyUsageFlags.KeyCertSign | X509KeyUsageFlags.CrlSign, critical: true));
        request.CertificateExtensions.Add(new X509SubjectKeyIdentifierExtension(request.PublicKey, critical: false));
        var now = time.GetUtcNow();
        using var authority = request.CreateSelfSigned(now - Backdated, now + AuthorityLifetime);
        // Only the previous one stays: no certificate of an older one can still be served.
        var kept = before.Length == 0 ? "" : First(before);
        return new CertificateBundle(authority.ExportCertificatePem() + "\n" + kept, key.ExportPkcs8PrivateKeyPem(), "", "");
    }

    private CertificateBundle Issue(CertificateBundle bundle, IReadOnlyList<string> names)
    {
        using var authority = X509Certificate2.CreateFromPem(bundle.Authorities, bundle.AuthorityKey);
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=Codius webhook", key, HashAlgorithmName.SHA256);
        var alternatives = new SubjectAlternativeNameBuilder();
        foreach (var name in names)
        {
            if (IPAddress.TryParse(name, out var address)) alternatives.AddIpAddress(address);
            else alternatives.AddDnsName(name);
        }
        request.CertificateExtensions.Add(alternatives.Build());
        request.CertificateExtensions.Add(
            X509AuthorityKeyIdentifierExtension.CreateFromCertificate(
                authority, includeKeyIdentifier: true, includeIssuerAndSerial: false));
        request.CertificateExtensions.Add(X509BasicConstraintsExtension.CreateForEndEntity(critical: true));
        request.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.DigitalSignature, critical: true));
        request.CertificateExtensions.Add(new X509EnhancedKeyUsageExtension([ServerAuthentication], critical: false));
        var now = time.GetUtcNow();
        var serial = RandomNumberGenerator.GetBytes(16);
        serial[0] &= 0x7f;
        using var certificate = request.Create(authority, now - Backdated, now + Lifetime, serial);
        return bundle with { Certificate = certificate.ExportCertificatePem() + "\n", Key = key.ExportPkcs8PrivateKeyPem() };
    }

    private static string First(string pem)
    {
        using var certificate = X509Certificate2.CreateFromPem(pem);
        return certificate.ExportCertificatePem() + "\n";
    }

    private static bool IsReadable(CertificateBundle bundle)
    {
        try
        {
            using var authority = X509Certificate2.CreateFromPem(bundle.Authorities, bundle.AuthorityKey);
            using var certificate = X509Certificate2.CreateFromPem(bundle.Certificate, bundle.Key);
            return true;
        }
        catch (Exception broken) when (broken is CryptographicException or ArgumentException)
        {
            // An edited Secret: it is issued anew, and published to the API servers.
            return false;
        }
    }
}
