namespace Codius.Web.Apps;

/// <summary>What of the machines an awake app may use, all its containers together; null for no limit.</summary>
/// <param name="Containers">How many containers it may have.</param>
/// <param name="Cpu">Processor time, as a Kubernetes quantity.</param>
/// <param name="Memory">Memory, the same way.</param>
/// <param name="Storage">Files it may write, the same way.</param>
internal sealed record AppResources(int? Containers = null, string? Cpu = null, string? Memory = null, string? Storage = null);
