using System.Security.Cryptography;
using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using OpenPayments.Net.Signatures;
using OpenPayments.Net.WalletAddresses;

namespace OpenPayments.Net.Tests.Signatures;

/// <summary>The keys that a program signs with as a client: each has a name of its own, and the one before stays published.</summary>
public sealed class SigningKeysTests
{
    private readonly byte[] _first = RandomNumberGenerator.GetBytes(32);
    private readonly byte[] _second = RandomNumberGenerator.GetBytes(32);

    [Fact]
    public async Task The_name_changes_with_the_key_and_the_one_before_is_published_as_it_was()
    {
        var (signerBefore, before) = await PublishedAsync(_first);
        var (signerAfter, after) = await PublishedAsync(_second, _first, _second);

        Assert.Equal([signerBefore], before);
        Assert.Equal([signerAfter, signerBefore], after);
        Assert.NotEqual(signerBefore, signerAfter);
        Assert.Matches("^shop-[A-Za-z0-9_-]{8} ", signerAfter);
    }

    [Fact]
    public void A_signer_of_the_same_key_has_the_same_name_everywhere() =>
        Assert.Equal("key-" + MessageSigner.Named(_first, TimeProvider.System, "x").PublicJwk.Thumbprint[..8],
            MessageSigner.Named(_first, TimeProvider.System).PublicJwk.KeyId);

    [Fact]
    public async Task Without_a_key_there_are_those_before_alone()
    {
        var (_, keys) = await PublishedAsync(null, _first);
        Assert.Single(keys);
    }

    /// <summary>The key that the program signs with and those that it publishes, each as its name and its value.</summary>
    private static async Task<(string? Signer, string[] Keys)> PublishedAsync(byte[]? key, params byte[][] previous)
    {
        var collection = new ServiceCollection().AddSingleton<IWalletAddresses>(new WalletAddressList());
        await using var services = collection.AddOpenPayments(options =>
        {
            options.Origin = "https://shop.test";
            options.TokenKeys.Add(new byte[32]);
            options.SigningKey = key;
            options.SigningKeyPrefix = "shop";
            foreach (var one in previous) options.PreviousSigningKeys.Add(one);
        }).BuildServiceProvider();
        using var body = new MemoryStream();
        await services.GetRequiredService<WalletAddressDocuments>()
            .WriteKeysAsync(new DefaultHttpContext { Response = { Body = body } });
        using var json = JsonDocument.Parse(body.ToArray());
        var keys = json.RootElement.GetProperty("keys").EnumerateArray();
        var signer = key is null ? null : services.GetRequiredService<MessageSigner>().PublicJwk.ToJson();
        return (signer is null ? null : $"{signer["kid"]} {signer["x"]}",
            [.. keys.Select(one => $"{one.GetProperty("kid").GetString()} {one.GetProperty("x").GetString()}")]);
    }
}
