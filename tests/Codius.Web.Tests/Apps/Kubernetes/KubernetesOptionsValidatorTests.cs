using Codius.Web.Hosting;

namespace Codius.Web.Tests.Apps.Kubernetes;

public sealed class KubernetesOptionsValidatorTests
{
    [Fact]
    public void Each_fault_of_the_settings_is_told_at_start()
    {
        var faults = Assert.Throws<StartupFaultException>(() => Gateway.Build(
        [
            "--environment=Production", "--Apps:Engine=Kubernetes", "--Kubernetes:Resources:CpuLimit=much",
                "--Kubernetes:Resolvers:0=dns.example", "--Kubernetes:MustNotReach:0=203.0.113.7",
            "--Kubernetes:Namespace=Not_A_Name", "--Webhooks:ClientAuthorityFile=/nowhere.pem",
        ])).Faults;

        Assert.Contains(faults, fault => fault.StartsWith("Kubernetes:RuntimeClassName: is missing.", StringComparison.Ordinal));
        Assert.Contains("Kubernetes:Resources:CpuLimit: 'much' is not a quantity, such as 500m or 256Mi.", faults);
        Assert.Contains("Kubernetes:Resolvers: 'dns.example' is not an IP address.", faults);
        Assert.Contains("Kubernetes:MustNotReach: '203.0.113.7' is not an IP address with a port, such as 203.0.113.7:10250 or "
            + "[2001:db8::7]:10250.", faults);
        Assert.Contains(faults, fault => fault.StartsWith("Kubernetes:Namespace:", StringComparison.Ordinal));
        Assert.Contains(faults, fault => fault.StartsWith("Webhooks:ClientAuthorityFile: ", StringComparison.Ordinal));
    }

    [Fact]
    public void A_share_that_no_container_can_run_with_is_told_at_start()
    {
        var faults = Assert.Throws<StartupFaultException>(() => Gateway.Build(
        [
            "--environment=Production", "--Apps:Engine=Kubernetes", "--Kubernetes:Resources:MemoryLimit=64Mi",
            "--Kubernetes:Resources:CpuLimit=49m", "--Kubernetes:Resources:MaxContainers=5",
        ])).Faults;

        Assert.Contains("Kubernetes:Resources:MemoryLimit: is shared by up to 5 containers (MaxContainers), and no container runs with "
            + "less than 16Mi.", faults);
        Assert.Contains("Kubernetes:Resources:CpuLimit: is shared by up to 5 containers (MaxContainers), and no container runs with "
            + "less than 10m.", faults);
    }

    [Fact]
    public void Where_apps_run_as_processes_they_do_not_matter()
    {
        var faults = Assert.Throws<StartupFaultException>(() => Gateway.Build(["--environment=Production"])).Faults;

        Assert.DoesNotContain(faults, fault =>
            fault.StartsWith("Kubernetes:", StringComparison.Ordinal) || fault.StartsWith("Webhooks:", StringComparison.Ordinal));
    }
}
