namespace Codius.Web.Apps.Manifests;

/// <summary>The rules for a probe: one check, of the app's own pod, with numbers that Kubernetes accepts.</summary>
internal static class ProbeRules
{
    public static IEnumerable<ValidationError> Check(string path, Probe? probe, bool onceIsEnough)
    {
        if (probe is null) yield break;
        var checks = (probe.Exec is null ? 0 : 1) + (probe.HttpGet is null ? 0 : 1) + (probe.TcpSocket is null ? 0 : 1);
        if (checks != 1) yield return new ValidationError(path, "must have one of exec, httpGet and tcpSocket");
        if (probe.Exec is { Command: null or { Count: 0 } }) yield return new ValidationError($"{path}.exec.command", "is missing");
        foreach (var fault in Target($"{path}.httpGet", probe.HttpGet?.Port, probe.HttpGet?.Host)) yield return fault;
        foreach (var fault in Target($"{path}.tcpSocket", probe.TcpSocket?.Port, probe.TcpSocket?.Host)) yield return fault;
        if (probe.HttpGet is { Scheme: not (null or "" or "HTTP" or "HTTPS") and var scheme })
            yield return new ValidationError($"{path}.httpGet.scheme", $"'{scheme}' is neither HTTP nor HTTPS");
        if (probe.InitialDelaySeconds < 0) yield return new ValidationError($"{path}.initialDelaySeconds", "must not be negative");
        if (probe.TimeoutSeconds < 0) yield return new ValidationError($"{path}.timeoutSeconds", "must not be negative");
        if (probe.PeriodSeconds < 0) yield return new ValidationError($"{path}.periodSeconds", "must not be negative");
        if (probe.FailureThreshold < 0) yield return new ValidationError($"{path}.failureThreshold", "must not be negative");
        if (probe.SuccessThreshold < 0 || (onceIsEnough && probe.SuccessThreshold > 1))
            yield return new ValidationError($"{path}.successThreshold", onceIsEnough ? "must be 1" : "must not be negative");
    }

    private static IEnumerable<ValidationError> Target(string path, PortReference? port, string? host)
    {
        if (port is not { Number: var number, Name: var name }) yield break;
        if (name is not null)
            yield return new ValidationError($"{path}.port", $"'{name}' must be a number: containers here have no named ports");
        else if (number is < 1 or > 65535) yield return new ValidationError($"{path}.port", $"{number} is not a port: 1 to 65535");
        // The node itself would make the request: a way around the network policy.
        if (!string.IsNullOrEmpty(host))
            yield return new ValidationError($"{path}.host", "must not be set: a probe asks the app's own pod");
    }
}
