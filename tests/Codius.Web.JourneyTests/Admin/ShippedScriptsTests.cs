using Codius.Testing;

namespace Codius.Web.JourneyTests.Admin;

public sealed class ShippedScriptsTests
{
    [Theory]
    [InlineData("dist/uPlot.iife.min.js", "uPlot.iife.min.js")]
    [InlineData("dist/uPlot.min.css", "uPlot.min.css")]
    [InlineData("LICENSE", "LICENSE")]
    public void UPlot_is_shipped_as_its_package_has_it(string ofPackage, string shipped) => Assert.Equal(
        File.ReadAllBytes(Path.Combine(Repository.Root, "tests/Codius.Web.JourneyTests/node_modules/uplot", ofPackage)),
        File.ReadAllBytes(Path.Combine(Repository.Source, "Codius.Web/Admin/Dashboard/Assets/uplot", shipped)));
}
