using System.Text.Json.Nodes;
using Codius.Sandbox.Granting;
using NSec.Cryptography;

namespace Codius.Web.Tests.Sandbox;

public sealed class VisitorGrantTests
{
    private static readonly DateTimeOffset Now = new(2026, 11, 29, 12, 0, 0, TimeSpan.Zero);
    private static readonly TimeSpan Moment = TimeSpan.FromSeconds(1);

    [Fact]
    public void A_consent_that_comes_too_late_is_none()
    {
        var grant = Grant();

        Assert.False(grant.IsAsked(Now + VisitorGrant.Decision));
        Assert.False(grant.TryDecide(accept: true, Now + VisitorGrant.Decision, out _));
    }

    [Fact]
    public void A_grant_that_is_fetched_too_late_is_not_given()
    {
        var grant = Grant();
        Assert.True(grant.TryDecide(accept: true, Now, out var reference));

        Assert.False(grant.TryGive(reference, Now + VisitorGrant.Decision));
        Assert.False(grant.Allows(grant.Token, Now + VisitorGrant.Decision));
    }

    [Fact]
    public void A_token_ends_and_a_new_one_replaces_it()
    {
        var grant = Grant();
        Assert.True(grant.TryDecide(accept: true, Now, out var reference) && grant.TryGive(reference, Now));
        var old = grant.Token;
        Assert.True(grant.Allows(old, Now + VisitorGrant.TokenLifetime - Moment));
        Assert.False(grant.Allows(old, Now + VisitorGrant.TokenLifetime));

        Assert.True(grant.TryRotate(old, Now + VisitorGrant.TokenLifetime));

        Assert.False(grant.Allows(old, Now + VisitorGrant.TokenLifetime));
        Assert.True(grant.Allows(grant.Token, Now + VisitorGrant.TokenLifetime));
        Assert.False(grant.TryRotate(old, Now));
    }

    [Fact]
    public void No_more_is_spent_than_the_owner_consented_to()
    {
        var grant = Grant();

        Assert.True(grant.TrySpend(60));
        Assert.False(grant.TrySpend(41));
        Assert.True(grant.TrySpend(40));
        Assert.False(grant.TrySpend(1));
        Assert.False(grant.TrySpend(ulong.MaxValue));
    }

    private static VisitorGrant Grant()
    {
        using var key = Key.Create(SignatureAlgorithm.Ed25519);
        var request = new GrantRequest(
            null!, new Uri("http://hello.localhost/"), new JsonObject(), 100, new Uri("http://hello.localhost/back"), "nonce");
        return new VisitorGrant(request, "hello", key.PublicKey, Now);
    }
}
