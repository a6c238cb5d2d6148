using System.Security.Cryptography.X509Certificates;
using Codius.Web.Apps.Kubernetes.Webhooks;
using Microsoft.Extensions.Time.Testing;

namespace Codius.Web.Tests.Apps.Kubernetes.Webhooks;

public sealed class CertificateMakerTests
{
    private static readonly string[] Names = ["codius-webhooks.codius.svc", "10.245.0.1"];

    private readonly FakeTimeProvider _time = new(new DateTimeOffset(2026, 1, 1, 0, 0, 0, TimeSpan.Zero));
    private readonly CertificateMaker _maker;

    public CertificateMakerTests() => _maker = new CertificateMaker(_time);

    [Fact]
    public void The_first_certificate_is_signed_by_an_authority_of_its_own()
    {
        var bundle = _maker.Renew(null, Names);

        Assert.True(IsTrusted(bundle.Certificate, bundle.Authorities));
        using var certificate = X509Certificate2.CreateFromPem(bundle.Certificate, bundle.Key);
        Assert.True(certificate.HasPrivateKey);
        Assert.All(Names, name => Assert.True(certificate.MatchesHostname(name, allowCommonName: false)));
        Assert.False(certificate.MatchesHostname("elsewhere.example"));
    }

    [Fact]
    public void Nothing_is_made_anew_before_it_is_due()
    {
        var bundle = _maker.Renew(null, Names);
        _time.Advance(CertificateMaker.Lifetime - CertificateMaker.RenewedBefore - TimeSpan.FromMinutes(1));

        Assert.Same(bundle, _maker.Renew(bundle, Names));
    }

    [Fact]
    public void A_certificate_is_renewed_under_the_same_authority_before_it_ends()
    {
        var bundle = _maker.Renew(null, Names);
        _time.Advance(CertificateMaker.Lifetime - CertificateMaker.RenewedBefore);

        var renewed = _maker.Renew(bundle, Names);

        Assert.NotEqual(bundle.Certificate, renewed.Certificate);
        Assert.Equal(bundle.Authorities, renewed.Authorities);
        Assert.True(IsTrusted(renewed.Certificate, bundle.Authorities));
    }

    [Fact]
    public void Another_name_is_a_reason_to_renew()
    {
        var bundle = _maker.Renew(null, Names);

        using var certificate = X509Certificate2.CreateFromPem(_maker.Renew(bundle, ["other.codius.svc"]).Certificate);

        Assert.True(certificate.MatchesHostname("other.codius.svc", allowCommonName: false));
    }

    [Fact]
    public void While_authorities_change_both_certificates_are_trusted()
    {
        var bundle = _maker.Renew(null, Names);
        _time.Advance(CertificateMaker.AuthorityLifetime - CertificateMaker.AuthorityRenewedBefore - TimeSpan.FromDays(1));
        bundle = _maker.Renew(bundle, Names);
        _time.Advance(TimeSpan.FromDays(1));

        var renewed = _maker.Renew(bundle, Names);

        Assert.True(IsTrusted(renewed.Certificate, renewed.Authorities));
        Assert.True(IsTrusted(bundle.Certificate, renewed.Authorities));
        Assert.False(IsTrusted(renewed.Certificate, bundle.Authorities));
        Assert.Equal(2, AuthoritiesOf(renewed.Authorities).Count);
        Assert.Same(renewed, _maker.Renew(renewed, Names));
    }

    [Fact]
    public void What_somebody_broke_is_made_anew()
    {
        var bundle = _maker.Renew(null, Names);

        foreach (
            var broken in (CertificateBundle[])[bundle with { AuthorityKey = bundle.Key }, bundle with { Certificate = "nothing" },
            bundle with { Authorities = "" }])
        {
            var mended = _maker.Renew(broken, Names);
            Assert.True(IsTrusted(mended.Certificate, mended.Authorities));
        }
    }

    private bool IsTrusted(string certificatePem, string authoritiesPem)
    {
        using var certificate = X509Certificate2.CreateFromPem(certificatePem);
        using var chain = new X509Chain();
        chain.ChainPolicy.TrustMode = X509ChainTrustMode.CustomRootTrust;
        chain.ChainPolicy.CustomTrustStore.AddRange(AuthoritiesOf(authoritiesPem));
        chain.ChainPolicy.RevocationMode = X509RevocationMode.NoCheck;
        chain.ChainPolicy.VerificationTime = _time.GetUtcNow().UtcDateTime;
        chain.ChainPolicy.ApplicationPolicy.Add(new System.Security.Cryptography.Oid("1.3.6.1.5.5.7.3.1"));
        return chain.Build(certificate);
    }

    private static X509Certificate2Collection AuthoritiesOf(string pem)
    {
        var authorities = new X509Certificate2Collection();
        authorities.ImportFromPem(pem);
        return authorities;
    }
}
