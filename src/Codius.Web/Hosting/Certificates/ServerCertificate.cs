using System.Net.Security;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Codius.Web.Hosting.Certificates;

/// <summary>The current certificate of a port, with its chain; a new one is used from the next connection on, without a restart.</summary>
internal abstract class ServerCertificate
{
    private const string Begin = "-----BEGIN CERTIFICATE-----";

    private volatile SslStreamCertificateContext? _context;

    /// <summary>What a connection shows: the certificate and the intermediate ones; null until the first was loaded.</summary>
    public SslStreamCertificateContext? Context => _context;

    /// <summary>The certificate alone.</summary>
    public X509Certificate2? Current => _context?.TargetCertificate;

    /// <exception cref="CryptographicException">One of them cannot be read, or the key is that of another certificate.</exception>
    /// <exception cref="ArgumentException">The same.</exception>
    public void Replace(string certificatePem, string keyPem) => _context = Read(certificatePem, keyPem);

    /// <summary>Reads a certificate with the intermediate ones that follow it.</summary>
    public static SslStreamCertificateContext Read(string certificatePem, string keyPem)
    {
        using var fromPem = X509Certificate2.CreateFromPem(certificatePem, keyPem);
        var chain = new X509Certificate2Collection();
        chain.ImportFromPem(certificatePem);
        // A file that is being written may end within the chain, where the reader sees no certificate any more.
        if (chain.Count != Count(certificatePem)) throw new CryptographicException("The last certificate in the file is cut off.");
        // Through PKCS #12, since TLS on some systems cannot use an ephemeral key. The one before is not disposed: handshakes may
        // still use it.
        var certificate = X509CertificateLoader.LoadPkcs12(fromPem.Export(X509ContentType.Pkcs12), null);
        // Offline: intermediates come from the file and are not fetched from addresses in the certificate.
        return SslStreamCertificateContext.Create(certificate, chain, offline: true);
    }

    private static int Count(string pem) => pem.AsSpan().Count(Begin);
}

/// <summary>The certificate of the visits' port.</summary>
internal sealed class VisitsCertificate : ServerCertificate;
