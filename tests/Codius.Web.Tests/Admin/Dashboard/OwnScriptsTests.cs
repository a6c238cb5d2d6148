using Codius.Testing;

namespace Codius.Web.Tests.Admin.Dashboard;

public sealed class OwnScriptsTests
{
    [Fact]
    public void No_page_of_the_dashboard_loads_anything_from_another_host() => Assert.Empty(
        from file in Directory.EnumerateFiles(
            Path.Combine(Repository.Source, "Codius.Web/Admin/Dashboard"), "*.*", SearchOption.AllDirectories)
        where !file.Contains("/uplot/", StringComparison.Ordinal)
        from line in File.ReadLines(file)
        where line.Contains("https://", StringComparison.Ordinal)
        select $"{file}: {line.Trim()}");
}
