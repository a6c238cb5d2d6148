using Codius.Web.Deploying;

namespace Codius.Web.Tests.Deploying;

public sealed class DeployProblemsTests
{
    [Fact]
    public void Each_fault_of_a_manifest_ends_with_one_stop_whether_or_not_its_text_has_one() =>
        Assert.Equal("spec.image: is missing; spec.env: leave env out. Nothing was charged; correct the manifest and send it again.",
            DeployProblems.BadManifest([new("spec.image", "is missing."), new("spec.env", "leave env out.")]).Detail);
}
