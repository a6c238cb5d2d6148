using Codius.Web.Apps.Manifests;
using Codius.Web.Hosting;
using Microsoft.Extensions.Options;

namespace Codius.Web.Tests.Apps.Manifests;

public sealed class ManifestRulesTests
{
    private const string Web = """{"name":"web","image":"nginx"}""";

    [Theory]
    [InlineData("""{"spec":{}}""", "spec.containers: must have at least one container")]
    [InlineData("""{}""", "spec: is missing")]
    [InlineData("""[]""", "manifest: must be an object")]
    [InlineData("""{"spec":{"containers":[{"name":"a","image":"i"},{"name":"b","image":"i"},{"name":"c","image":"i"},{"name":"d","image":"i"},{"name":"e","image":"i"}]}}""",
        "spec.containers: has 5 containers; at most 4 are allowed, which share what one app may use")]
    [InlineData("""{"spec":{"containers":{}}}""", "spec.containers: must be a list")]
    [InlineData("""{"spec":{"containers":[{"name":"web","image":"nginx","privileged":true}]}}""",
        "spec.containers[0].privileged: is not a field of a manifest")]
    [InlineData("""{"spec":{"containers":[{"name":"web","image":"nginx"}],"replicas":2}}""", "spec.replicas: is not a field of a manifest")]
    [InlineData("""{"spec":{"containers":[{"name":"web","image":"nginx"}]},"kind":"Service"}""", "kind: is not a field of a manifest")]
    [InlineData("""{"spec":{"containers":[null]}}""", "spec.containers[0]: must be an object")]
    [InlineData("""{"spec":{"containers":[{"name":7,"image":"nginx"}]}}""", "spec.containers[0].name: must be text")]
    [InlineData("""{"spec":{"containers":[{"name":"web","image":"nginx","args":[1]}]}}""", "spec.containers[0].args[0]: must be text")]
    [InlineData("""{"spec":{"containers":[{"name":"web","image":"nginx","args":["a\u0000b"]}]}}""",
        "spec.containers[0].args[0]: must not contain the character U+0000")]
    [InlineData("""{"spec":{"containers":[{"name":"web","image":"nginx"}],"port":0}}""", "spec.port: 0 is not a port: 1 to 65535")]
    [InlineData("""{"spec":{"containers":[{"name":"web","image":"nginx"}],"port":65536}}""", "spec.port: 65536 is not a port: 1 to 65535")]
    [InlineData("""{"spec":{"containers":[{"name":"web","image":"nginx"}],"port":80.5}}""", "spec.port: must be a whole number")]
    [InlineData("""{"spec":{"containers":[{"name":"web","image":"nginx"}],"port":"80"}}""", "spec.port: must be a whole number")]
    [InlineData("""{"spec":{"containers":[{"name":"Web","image":"nginx"}]}}""",
        "spec.containers[0].name: 'Web' is not a DNS label: 1 to 63 of a-z, 0-9 and inner '-'")]
    [InlineData("""{"spec":{"containers":[{"name":"web","image":"nginx"},{"name":"web","image":"nginx"}]}}""",
        "spec.containers[1].name: 'web' is the name of an earlier container")]
    [InlineData("""{"spec":{"containers":[{"name":"web"}]}}""", "spec.containers[0].image: is missing")]
    [InlineData("""{"spec":{"containers":[{"name":"web","image":"ng inx"}]}}""",
        "spec.containers[0].image: 'ng inx' is not the name of an image")]
    [InlineData("""{"spec":{"containers":[{"name":"web","image":"ghcr.io/a/b"}]}}""",
        "spec.containers[0].image: 'ghcr.io/a/b' is not from a registry that this host takes images from (docker.io, example.com/open)")]
    [InlineData("""{"spec":{"containers":[{"name":"web","image":"example.com/opened/b"}]}}""",
        "spec.containers[0].image: 'example.com/opened/b' is not from a registry that this host takes images from (docker.io, "
        + "example.com/open)")]
    [InlineData("""{"spec":{"containers":[{"name":"web","image":"nginx","env":[{"name":"A=B"}]}]}}""",
        "spec.containers[0].env[0].name: 'A=B' is not the name of an environment variable")]
    [InlineData("""{"spec":{"containers":[{"name":"web","image":"nginx","env":[{"name":"A"},{"name":"B","value":"1","valueFrom":{"secretKeyRef":{"key":"k"}}}]}]},"secretData":{"k":"v"}}""", "spec.containers[0].env[1]: value and valueFrom exclude each other")]
    [InlineData("""{"spec":{"containers":[{"name":"web","image":"nginx","env":[{"name":"A","valueFrom":{"secretKeyRef":{"key":"other"}}}]}]},"secretData":{"k":"v"}}""", "spec.containers[0].env[0].valueFrom.secretKeyRef.key: secretData has no 'other'")]
    [InlineData(
        """{"spec":{"containers":[{"name":"web","image":"nginx","env":[{"name":"A","valueFrom":{"secretKeyRef":{"key":"k"}}}]}]}}""",
        "spec.containers[0].env[0].valueFrom.secretKeyRef.key: secretData has no 'k'")]
    [InlineData("""{"spec":{"containers":[{"name":"web","image":"nginx","env":[{"name":"A","valueFrom":{}}]}]}}""",
        "spec.containers[0].env[0].valueFrom.secretKeyRef.key: is missing")]
    [InlineData("""{"spec":{"containers":[{"name":"web","image":"nginx","env":[{"name":"A","valueFrom":{"fieldRef":{}}}]}]}}""",
        "spec.containers[0].env[0].valueFrom.fieldRef: is not a field of a manifest")]
    [InlineData("""{"spec":{"containers":[{"name":"web","image":"nginx"}]},"secretData":{"a b":"v"}}""",
        "secretData.a b: a key is 1 to 253 letters, digits, '-', '_' and '.'")]
    [InlineData("""{"spec":{"containers":[{"name":"web","image":"nginx"}]},"secretData":{"k":5}}""", "secretData.k: must be text")]
    [InlineData("""{"spec":{"containers":[{"name":"web","image":"nginx","readinessProbe":{}}]}}""",
        "spec.containers[0].readinessProbe: must have one of exec, httpGet and tcpSocket")]
    [InlineData(
        """{"spec":{"containers":[{"name":"web","image":"nginx","readinessProbe":{"httpGet":{"port":80,"host":"169.254.169.254"}}}]}}""",
        "spec.containers[0].readinessProbe.httpGet.host: must not be set: a probe asks the app's own pod")]
    [InlineData("""{"spec":{"containers":[{"name":"web","image":"nginx","livenessProbe":{"tcpSocket":{"port":"http"}}}]}}""",
        "spec.containers[0].livenessProbe.tcpSocket.port: 'http' must be a number: containers here have no named ports")]
    [InlineData(
        """{"spec":{"containers":[{"name":"web","image":"nginx","startupProbe":{"exec":{"command":["true"]},"successThreshold":2}}]}}""",
        "spec.containers[0].startupProbe.successThreshold: must be 1")]
    [InlineData("""{"spec":{"containers":[{"name":"web","image":"nginx"}]},"spec":{}}""", "manifest: is not JSON: Duplicate property")]
    [InlineData("""{"spec":{"containers":[{"name":"web","image":"nginx","workingDir":"\ud800"}]}}""",
        "manifest: has text that is not valid Unicode")]
    [InlineData("""{"spec":""", "manifest: is not JSON: ")]
    public void A_fault_is_named_with_its_place(string manifest, string fault) =>
        Assert.Contains(Faults(manifest), found => found.StartsWith(fault, StringComparison.Ordinal));

    [Fact]
    public void All_faults_are_told_at_once() => Assert.Equal(
        [
            "spec.containers[0].colour: is not a field of a manifest",
            "spec.port: 99999 is not a port: 1 to 65535",
            "spec.containers[0].name: '' is not a DNS label: 1 to 63 of a-z, 0-9 and inner '-'",
            "spec.containers[0].image: is missing",
        ],
        Faults("""{"spec":{"containers":[{"colour":"red"}],"port":99999}}"""));

    [Theory]
    [InlineData("nginx")]
    [InlineData("nginx:1.25")]
    [InlineData("library/nginx")]
    [InlineData("docker.io/library/nginx:1.25")]
    [InlineData("index.docker.io/library/nginx")]
    [InlineData("busybox@sha256:0dce885c4e558a8a7612b80e3c7f5faa54520ed27836b1f892962cf855d031a2")]
    [InlineData("busybox:1@sha256:0dce885c4e558a8a7612b80e3c7f5faa54520ed27836b1f892962cf855d031a2")]
    [InlineData("example.com/open/a/b:latest")]
    public void An_image_from_a_listed_registry_is_taken(string image) =>
        Assert.Empty(Faults($$$"""{"spec":{"containers":[{"name":"web","image":"{{{image}}}"}]}}"""));

    [Theory]
    [InlineData("localhost/nginx")]
    [InlineData("localhost:5000/nginx")]
    [InlineData("docker.io.evil.example/nginx")]
    [InlineData("evil.example:443/docker.io/nginx")]
    [InlineData("example.com/open/../closed/a")]
    [InlineData("example.com/open")]
    [InlineData("../nginx")]
    [InlineData("-nginx")]
    [InlineData("nginx\\n")]
    public void An_image_from_elsewhere_is_refused(string image) =>
        Assert.NotEmpty(Faults($$$"""{"spec":{"containers":[{"name":"web","image":"{{{image}}}"}]}}"""));

    [Fact]
    public void Secrets_without_a_nonce_are_warned_about()
    {
        const string user = """{"name":"web","image":"nginx","env":[{"name":"K","valueFrom":{"secretKeyRef":{"key":"k"}}}]}""";
        Assert.Contains("has no 'nonce'", Assert.Single(ManifestRules.Warnings(
            Manifest.Read($$$"""{"spec":{"containers":[{{{user}}}]},"secretData":{"k":"v"}}"""))), StringComparison.Ordinal);
        Assert.Empty(
            ManifestRules.Warnings(Manifest.Read($$$"""{"spec":{"containers":[{{{user}}}]},"secretData":{"k":"v","nonce":"7"}}""")));
        Assert.Contains("is not kept", Assert.Single(ManifestRules.Warnings(
            Manifest.Read($$$"""{"spec":{"containers":[{{{Web}}}]},"secretData":{"k":"v","nonce":"7"}}"""))), StringComparison.Ordinal);
        Assert.Empty(ManifestRules.Warnings(Manifest.Read($$$"""{"spec":{"containers":[{{{Web}}}]}}""")));
    }

    [Theory]
    [InlineData("hello", true)]
    [InlineData("t-shirts", true)]
    [InlineData("7", true)]
    [InlineData("Hello", false)]
    [InlineData("a.b", false)]
    [InlineData("-a", false)]
    [InlineData("", false)]
    [InlineData("wallet", false)]
    [InlineData("auth", false)]
    [InlineData("tkc3hfioxskpnvtdl7yblihwqpfddhf2r33wwfex4xlktvmbg3ua", false)]
    [InlineData("t-tkc3hfioxskpnvtdl7yblihwqpfddhf2r33wwfex4xlktvmbg3ua", false)]
    [InlineData("t-0189-fioxskpnvtdl7yblihwqpfddhf2r33wwfex4xlktvmbg3ua", true)]
    public void A_name_is_a_label_that_nothing_else_has(string name, bool good) =>
        Assert.Equal(good, new NameRules(new HostNames(Options.Create(new HostOptions { PublicUrl = new Uri("https://codius.example") })))
            .Fault(name) is null);

    private static List<string> Faults(string json)
    {
        var registries = new AllowedRegistries(["docker.io", "example.com/open"]);
        var manifest = Manifest.Read(json, out var faults);
        if (manifest is not null) new ManifestRules(registries, new ContainerLimit(4)).Check(ManifestHash.FillIn(manifest), faults);
        return [.. faults.Select(fault => fault.ToString())];
    }
}
