using Codius.Web.Apps.Manifests;
using k8s.Models;

namespace Codius.Web.Apps.Kubernetes.Objects;

/// <summary>A manifest's probe for Kubernetes, without a host: the node would send requests that the app itself may not.</summary>
internal static class Probes
{
    public static V1Probe? Of(Probe? probe) => probe is null ? null : new V1Probe
    {
        Exec = probe.Exec is { } exec ? new V1ExecAction { Command = [.. exec.Command ?? []] } : null,
        HttpGet = probe.HttpGet is { } get ? HttpGet(get) : null,
        TcpSocket = probe.TcpSocket is { } tcp ? new V1TCPSocketAction { Port = Port(tcp.Port) } : null,
        InitialDelaySeconds = Given(probe.InitialDelaySeconds),
        TimeoutSeconds = Given(probe.TimeoutSeconds),
        PeriodSeconds = Given(probe.PeriodSeconds),
        SuccessThreshold = Given(probe.SuccessThreshold),
        FailureThreshold = Given(probe.FailureThreshold),
    };

    private static V1HTTPGetAction HttpGet(HttpGetAction get) => new()
    {
        Path = string.IsNullOrEmpty(get.Path) ? null : get.Path,
        Port = Port(get.Port),
        Scheme = string.IsNullOrEmpty(get.Scheme) ? null : get.Scheme,
        HttpHeaders = get.HttpHeaders is { Count: > 0 } headers
            ? [.. headers.Select(header => new V1HTTPHeader { Name = header.Name, Value = header.Value })] : null,
    };

    private static IntOrString Port(PortReference port) => port.Name is { } name ? name : port.Number;

    // 0 means not set: Kubernetes applies its own defaults.
    private static int? Given(int value) => value == 0 ? null : value;
}
