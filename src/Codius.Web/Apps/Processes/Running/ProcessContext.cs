namespace Codius.Web.Apps.Processes.Running;

/// <summary>What every process is started with.</summary>
internal sealed record ProcessContext(ProcessStarter Starter, FreePorts Ports, PidFiles PidFiles, TimeProvider Time);
