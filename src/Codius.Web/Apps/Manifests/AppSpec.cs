namespace Codius.Web.Apps.Manifests;

/// <summary>The <c>spec</c> of a manifest, as the CRD defines it.</summary>
internal sealed record AppSpec
{
    public const int DefaultPort = 80;

    /// <summary>The containers of the app's one pod; the first that listens on <see cref="Port"/> answers visits.</summary>
    public IReadOnlyList<ContainerSpec> Containers { get; init; } = [];

    /// <summary>The port visits are forwarded to.</summary>
    public int Port { get; init; } = DefaultPort;
}

/// <summary>One container of an app.</summary>
internal sealed record ContainerSpec
{
    public string Name { get; init; } = "";

    public string Image { get; init; } = "";

    public IReadOnlyList<string>? Command { get; init; }

    public IReadOnlyList<string>? Args { get; init; }

    public string? WorkingDir { get; init; }

    public IReadOnlyList<EnvironmentVariable>? Env { get; init; }

    public Probe? LivenessProbe { get; init; }

    public Probe? ReadinessProbe { get; init; }

    public Probe? StartupProbe { get; init; }
}

/// <summary>An environment variable: a value, or the key of a secret.</summary>
internal sealed record EnvironmentVariable
{
    public string Name { get; init; } = "";

    public string? Value { get; init; }

    public EnvironmentSource? ValueFrom { get; init; }
}

/// <summary>Where a variable's value comes from; secrets are the only place.</summary>
internal sealed record EnvironmentSource(SecretKeyRef SecretKeyRef);

/// <summary>A key of the manifest's secret data, and the hash of that data once it is known.</summary>
internal sealed record SecretKeyRef(string Key, string? Hash = null);
