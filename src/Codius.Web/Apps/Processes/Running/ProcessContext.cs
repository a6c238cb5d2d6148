namespace Codius.Web.Apps.Processes.Running;

/// <summary>The dependencies of each process.</summary>
internal sealed record ProcessContext(ProcessStarter Starter, AppUsers Users, FreePorts Ports, PidFiles PidFiles, TimeProvider Time);
