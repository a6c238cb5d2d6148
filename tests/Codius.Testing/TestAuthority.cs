using System.Net.Security;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Codius.Testing;

/// <summary>
/// A certificate authority of a test's own, with an intermediate one and a certificate for a host and all names
/// below it, as files.
/// </summary>
internal sealed class TestAuthority : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly DateTimeOffset _from = TimeProvider.System.GetUtcNow().AddHours(-1);
    private readonly string _domain;
    private readonly X509Certificate2 _authority;

    public TestAuthority(string domain)
    {
        _domain = domain;
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        _authority = Authority("An authority of a test", key).CreateSelfSigned(_from, _from.AddDays(30));
        using var intermediateKey = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        using var issued = Authority("An intermediate of a test", intermediateKey).Create(_authority, _from, _from.AddDays(29), Serial());
        Intermediate = issued.CopyWithPrivateKey(intermediateKey);
        File.WriteAllText(AuthorityFile, _authority.ExportCertificatePem());
        var (certificate, certificateKey) = Issue();
        File.WriteAllText(CertificateFile, certificate);
        File.WriteAllText(KeyFile, certificateKey);
    }

    /// <summary>Signs the host's certificates; clients do not know it.</summary>
    public X509Certificate2 Intermediate { get; }

    /// <summary>The host's certificate with the intermediate one behind it, as authorities deliver it.</summary>
    public string CertificateFile => _folder["host.pem"];

    public string KeyFile => _folder["host.key"];

    /// <summary>The certificate that a program must trust, for Node's <c>NODE_EXTRA_CA_CERTS</c>.</summary>
    public string AuthorityFile => _folder["authority.pem"];

    /// <summary>Trusts only this authority.</summary>
    public SslClientAuthenticationOptions Trust => new()
    {
        CertificateChainPolicy = new X509ChainPolicy
        {
            TrustMode = X509ChainTrustMode.CustomRootTrust,
            CustomTrustStore = { _authority },
            RevocationMode = X509RevocationMode.NoCheck,
        },
    };

    /// <summary>A certificate of the host, with the intermediate one behind it, and its key.</summary>
    public (string Certificate, string Key) Issue(int days = 28)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var host = new CertificateRequest($"CN={_domain}", key, HashAlgorithmName.SHA256);
        var names = new SubjectAlternativeNameBuilder();
        names.AddDnsName(_domain);
        names.AddDnsName("*." + _domain);
        host.CertificateExtensions.Add(names.Build());
        using var certificate = host.Create(Intermediate, _from, _from.AddDays(days), Serial());
        return ($"{certificate.ExportCertificatePem()}\n{Intermediate.ExportCertificatePem()}\n", key.ExportPkcs8PrivateKeyPem());
    }

    public void Dispose()
    {
        Intermediate.Dispose();
        _authority.Dispose();
        _folder.Dispose();
    }

    private static CertificateRequest Authority(string name, ECDsa key)
    {
        var authority = new CertificateRequest($"CN={name}", key, HashAlgorithmName.SHA256);
        authority.CertificateExtensions.Add(new X509BasicConstraintsExtension(certificateAuthority: true, false, 0, critical: true));
        authority.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.KeyCertSign, critical: true));
        return authority;
    }

    private static byte[] Serial()
    {
        var serial = RandomNumberGenerator.GetBytes(8);
        serial[0] &= 0x7f;
        return serial;
    }
}
