namespace Codius.Web.Apps.Manifests;

/// <summary>A check of a container's health, as Kubernetes' core/v1 has it.</summary>
internal sealed record Probe
{
    public ExecAction? Exec { get; init; }

    public HttpGetAction? HttpGet { get; init; }

    public TcpSocketAction? TcpSocket { get; init; }

    public int InitialDelaySeconds { get; init; }

    public int TimeoutSeconds { get; init; }

    public int PeriodSeconds { get; init; }

    public int SuccessThreshold { get; init; }

    public int FailureThreshold { get; init; }
}

/// <summary>Runs a command in the container; healthy when it exits with 0.</summary>
internal sealed record ExecAction(IReadOnlyList<string>? Command);

/// <summary>Sends a GET; healthy when the status is 200 to 399.</summary>
internal sealed record HttpGetAction
{
    public string? Path { get; init; }

    public PortReference Port { get; init; }

    public string? Host { get; init; }

    public string? Scheme { get; init; }

    public IReadOnlyList<HttpHeader>? HttpHeaders { get; init; }
}

/// <summary>One header of a probe's request.</summary>
internal sealed record HttpHeader(string Name, string Value);

/// <summary>Opens a connection; healthy when it is accepted.</summary>
internal sealed record TcpSocketAction(PortReference Port, string? Host = null);
