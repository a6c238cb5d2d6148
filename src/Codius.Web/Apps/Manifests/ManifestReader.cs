using System.Text.Json;

namespace Codius.Web.Apps.Manifests;

/// <summary>Reads a manifest from outside, strictly: every unknown field and every wrong type is a fault with its path.</summary>
internal static class ManifestReader
{
    private static readonly JsonDocumentOptions Strict = new() { AllowDuplicateProperties = false };

    /// <summary>
    /// Parses input from outside with <paramref name="read"/>; null if it is not JSON at all. Adds what is wrong to
    /// <paramref name="faults"/>.
    /// </summary>
    public static T? Parse<T>(ReadOnlyMemory<byte> json, ICollection<ValidationError> faults, Func<StrictObject, T> read) where T : class
    {
        try
        {
            using var document = JsonDocument.Parse(json, Strict);
            var root = new StrictObject(document.RootElement, "", faults);
            var result = read(root);
            root.Close();
            return result;
        }
        catch (JsonException broken)
        {
            faults.Add(new ValidationError("manifest", $"is not JSON: {broken.Message}"));
        }
        catch (InvalidOperationException)
        {
            // Half a surrogate pair, or bytes that are not UTF-8: found only when the text is read.
            faults.Add(new ValidationError("manifest", "has text that is not valid Unicode"));
        }
        return null;
    }

    /// <summary>Reads <c>spec</c> and <c>secretData</c>; adds what is wrong to <paramref name="faults"/>.</summary>
    public static AppManifest Read(StrictObject manifest, ICollection<ValidationError> faults)
    {
        var spec = manifest.Object("spec", Spec);
        if (spec is null) faults.Add(new ValidationError("spec", "is missing"));
        return new AppManifest(spec ?? new AppSpec(), manifest.Map("secretData"));
    }

    private static AppSpec Spec(StrictObject spec) => new()
    {
        Containers = spec.Objects("containers", Container) ?? [],
        Port = spec.Whole("port") ?? AppSpec.DefaultPort,
    };

    private static ContainerSpec Container(StrictObject container) => new()
    {
        Name = container.Text("name") ?? "",
        Image = container.Text("image") ?? "",
        Command = container.Texts("command"),
        Args = container.Texts("args"),
        WorkingDir = container.Text("workingDir"),
        Env = container.Objects("env", Variable),
        LivenessProbe = container.Object("livenessProbe", Probe),
        ReadinessProbe = container.Object("readinessProbe", Probe),
        StartupProbe = container.Object("startupProbe", Probe),
    };

    private static EnvironmentVariable Variable(StrictObject variable) => new()
    {
        Name = variable.Text("name") ?? "",
        Value = variable.Text("value"),
        ValueFrom = variable.Object("valueFrom", source =>
            new EnvironmentSource(source.Object("secretKeyRef", secret => new SecretKeyRef(secret.Text("key") ?? "", secret.Text("hash")))
                ?? new SecretKeyRef(""))),
    };

    private static Probe Probe(StrictObject probe) => new()
    {
        Exec = probe.Object("exec", exec => new ExecAction(exec.Texts("command"))),
        HttpGet = probe.Object("httpGet", HttpGet),
        TcpSocket = probe.Object("tcpSocket", tcp => new TcpSocketAction(tcp.Port("port"), tcp.Text("host"))),
        InitialDelaySeconds = probe.Whole("initialDelaySeconds") ?? 0,
        TimeoutSeconds = probe.Whole("timeoutSeconds") ?? 0,
        PeriodSeconds = probe.Whole("periodSeconds") ?? 0,
        SuccessThreshold = probe.Whole("successThreshold") ?? 0,
        FailureThreshold = probe.Whole("failureThreshold") ?? 0,
    };

    private static HttpGetAction HttpGet(StrictObject get) => new()
    {
        Path = get.Text("path"),
        Port = get.Port("port"),
        Host = get.Text("host"),
        Scheme = get.Text("scheme"),
        HttpHeaders = get.Objects("httpHeaders", header => new HttpHeader(header.Text("name") ?? "", header.Text("value") ?? "")),
    };
}
