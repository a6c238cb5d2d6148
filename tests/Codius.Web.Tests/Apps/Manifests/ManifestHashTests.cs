using System.Text.Json;
using System.Text.Json.Nodes;
using Codius.Web.Apps.Manifests;
using Codius.Web.Balances;
using Codius.Web.Deploying.Paying;

namespace Codius.Web.Tests.Apps.Manifests;

public sealed class ManifestHashTests
{
    [Theory]
    [MemberData(nameof(Vectors))]
    public void A_manifest_has_the_hash_that_a_host_of_2020_gave_it(string file, string name, string vector)
    {
        var expected = JsonNode.Parse(vector)!;
        var manifest = new JsonObject { ["spec"] = expected["spec"]!.DeepClone(), ["secretData"] = expected["secretData"]?.DeepClone() };

        var filled = ManifestHash.FillIn(Manifest.Read(manifest.ToJsonString()));

        Assert.True(expected["canonicalSpec"] is not { } text || text.GetValue<string>() == ManifestHash.CanonicalSpec(filled.Spec),
            $"{file}, {name}: {ManifestHash.CanonicalSpec(filled.Spec)}");
        Assert.Equal(expected["specHash"]!.GetValue<string>(), ManifestHash.OfSpec(filled.Spec));
        Assert.Equal(expected["secretHash"]!.GetValue<string>(), ManifestHash.OfSecretData(filled.SecretData) ?? "");
    }

    public static IEnumerable<TheoryDataRow<string, string, string>> Vectors()
    {
        var own = Path.Combine(AppContext.BaseDirectory, "Apps", "Manifests", "manifest-hashes.json");
        var more = Environment.GetEnvironmentVariable("MANIFEST_VECTORS") is { Length: > 0 } folder
            ? Directory.GetFiles(folder, "*.json") : [];
        foreach (var file in more.Prepend(own))
        {
            using var document = JsonDocument.Parse(File.ReadAllBytes(file));
            foreach (var vector in document.RootElement.GetProperty("cases").EnumerateArray())
                yield return (Path.GetFileName(file), vector.GetProperty("name").GetString()!, vector.GetRawText());
        }
    }

    [Fact]
    public void No_manifest_that_may_be_sent_has_more_parts_than_the_highest_price_allows()
    {
        // The characters that grow most when they are hashed, and the references that do.
        var escaped = $$$"""{"name":"web","image":"nginx","args":["{{{new string('<', ManifestLimits.MaxBytes)}}}"]}""";
        var variable = """{"name":"A","valueFrom":{"secretKeyRef":{"key":"k"}}}""";
        var references = $$$"""{"name":"web","image":"n","env":[{{{string.Join(',', Enumerable.Repeat(variable, 5000))}}}]}""";

        foreach (var container in (string[])[escaped, references])
        {
            var manifest = ManifestHash.FillIn(Manifest.Read($$$"""{"spec":{"containers":[{{{container}}}]},"secretData":{"k":"v"}}"""));
            Assert.InRange(DeployPrice.PartsOf(manifest), 20, PriceOptions.MostPartsOfADeploy);
        }
    }

    [Fact]
    public void Text_is_escaped_as_Go_escapes_it()
    {
        var json = new GoJson().Text("\" \\ \n \r \t \b \f \u0001 \u007f \u2028 \u2029 < > & é \ud83d\ude00 /").ToString();

        Assert.Equal(
            "\"\\\" \\\\ \\n \\r \\t \\u0008 \\u000c \\u0001 \u007f \\u2028 \\u2029 \\u003c \\u003e \\u0026 é \ud83d\ude00 /\"", json);
    }

    [Fact]
    public void The_keys_of_secret_data_are_ordered_by_their_bytes()
    {
        var one = ManifestHash.OfSecretData(new Dictionary<string,
            string>
        { ["\uffee"] = "1", ["\ud83d\ude00"] = "2", ["B"] = "3", ["a"] = "4" });
        var other = ManifestHash.OfSecretData(new Dictionary<string,
            string>
        { ["a"] = "4", ["B"] = "3", ["\ud83d\ude00"] = "2", ["\uffee"] = "1" });

        Assert.Equal(one, other);
        // sha256 of {"B":"3","a":"4","￮":"1","😀":"2"}, taken with coreutils.
        Assert.Equal("cgbnd7ew3v77uutv4ycfam5umtmoii64crme5wjg45kcgkrug4wq", one);
    }

    [Fact]
    public void A_port_of_0_was_left_out_by_Go_and_defaulted_afterwards() =>
        Assert.Equal(
            ManifestHash.OfSpec(Manifest.Read("""{"spec":{"containers":[{"name":"web","image":"nginx"}]}}""").Spec),
            ManifestHash.OfSpec(Manifest.Read("""{"spec":{"containers":[{"name":"web","image":"nginx"}],"port":0}}""").Spec));

    [Theory]
    [InlineData("tkc3hfioxskpnvtdl7yblihwqpfddhf2r33wwfex4xlktvmbg3ua", true)]
    [InlineData("tkc3hfioxskpnvtdl7yblihwqpfddhf2r33wwfex4xlktvmbg3u1", false)]
    [InlineData("tkc3hfioxskpnvtdl7yblihwqpfddhf2r33wwfex4xlktvmbg3u", false)]
    [InlineData("hello", false)]
    public void Only_52_characters_of_base32_look_like_a_hash(string name, bool looksLikeIt) =>
        Assert.Equal(looksLikeIt, ManifestHash.LooksLikeHash(name));
}
