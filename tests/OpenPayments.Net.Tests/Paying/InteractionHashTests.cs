using OpenPayments.Net.Paying;

namespace OpenPayments.Net.Tests.Paying;

public sealed class InteractionHashTests
{
    private const string Nonce = "VJLO6A4CATR0KRO";
    private const string Finish = "MBDOFXG4Y5CVJCX821LH";
    private const string Reference = "4IFWWIKYB2PQ6U56NL1";
    private static readonly Uri Server = new("https://server.example.com/tx");

    [Theory]
    [InlineData("x-gguKWTj8rQf7d7i3w3UhzvuJ5bpOlKyAlVpLxBffY")]
    [InlineData("x+gguKWTj8rQf7d7i3w3UhzvuJ5bpOlKyAlVpLxBffY=")]
    public void The_example_of_RFC_9635_is_right_in_both_ways_of_writing(string hash) =>
        Assert.True(InteractionHash.IsRight(hash, Nonce, Finish, Reference, Server));

    [Theory]
    [InlineData("https://auth.example", "https://auth.example/")]
    [InlineData("https://auth.example/tenant", "https://auth.example/tenant/")]
    [InlineData("https://auth.example/tenant", "https://auth.example/")]
    public void A_server_may_write_its_own_URL_with_a_slash_or_as_its_origin(string server, string hashed) =>
        Assert.True(
            InteractionHash.IsRight(InteractionHash.Of(Nonce, Finish, Reference, hashed), Nonce, Finish, Reference, new Uri(server)));

    [Theory]
    [InlineData("", Nonce, Finish, Reference)]
    [InlineData("x-gguKWTj8rQf7d7i3w3UhzvuJ5bpOlKyAlVpLxBffY", "another", Finish, Reference)]
    [InlineData("x-gguKWTj8rQf7d7i3w3UhzvuJ5bpOlKyAlVpLxBffY", Nonce, "another", Reference)]
    [InlineData("x-gguKWTj8rQf7d7i3w3UhzvuJ5bpOlKyAlVpLxBffY", Nonce, Finish, "another")]
    public void Anything_else_is_wrong(string hash, string nonce, string finish, string reference) =>
        Assert.False(InteractionHash.IsRight(hash, nonce, finish, reference, Server));

    [Fact]
    public void A_hash_for_another_server_is_wrong() =>
        Assert.False(InteractionHash.IsRight(
            InteractionHash.Of(Nonce, Finish, Reference, "https://evil.example/"), Nonce, Finish, Reference, Server));
}
