namespace Codius.Web.Apps.Processes.Running;

/// <summary>What every process is started with.</summary>
internal sealed record ProcessTools(ProcessStarter Starter, FreePorts Ports, PidFiles Notes, TimeProvider Time);
