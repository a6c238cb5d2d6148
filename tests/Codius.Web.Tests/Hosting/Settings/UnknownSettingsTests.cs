using System.Text;
using Codius.Web.Hosting.Settings;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Configuration.EnvironmentVariables;

namespace Codius.Web.Tests.Hosting.Settings;

/// <summary>
/// Which keys are faults depends on their source: files and arguments are the gateway's own, the environment is the machine's.
/// </summary>
public sealed class UnknownSettingsTests
{
    private readonly UnknownSettings _unknown =
        new(KnownSetting.Of([("Prices", typeof(Costs)), ("Prices:Deep", typeof(Deep))]), [new RetiredSetting("Fees", "Prices")]);

    [Theory]
    [InlineData("PATH")]
    [InlineData("PRICES")]
    [InlineData("PRICES_SERVICE_HOST")]
    [InlineData("Prices__PerRequest")]
    [InlineData("PRICES__TABLE__any__LIST__0")]
    [InlineData("OTHER__PROGRAM__KEY")]
    [InlineData("Logging__LogLevel__Default")]
    public void What_the_machine_has_in_its_environment_is_no_fault(string variable) => Assert.Empty(OfEnvironment(variable));

    [Theory]
    [InlineData("Prices__PerRequst", "Prices:PerRequst: there is no such setting. Did you mean Prices:PerRequest?")]
    [InlineData("PRICE__PERREQUEST", "PRICE:PERREQUEST: there is no such setting. Did you mean Prices:PerRequest?")]
    [InlineData("PRICES__WEATHER", "PRICES:WEATHER: there is no such setting. appsettings.json has all there are.")]
    [InlineData("PRICES__TABLE__any__WEATHER", "PRICES:TABLE:any:WEATHER: there is no such setting. appsettings.json has all there are.")]
    [InlineData("FEES__PERREQUEST", "FEES:PERREQUEST: is Prices:PERREQUEST now.")]
    public void A_variable_of_a_section_or_nearly_so_is(string variable, string fault) => Assert.Equal([fault], OfEnvironment(variable));

    [Theory]
    [InlineData("""
        { "Prices": { "PerRequest": 1, "Table": { "any": { "List": [1] } }, "Deep": { "PerHour": null } },
          "Logging": {}, "AllowedHosts": "*" }
        """, "")]
    [InlineData("""{ "Weather": {} }""", "Weather: there is no such setting. appsettings.json has all there are.")]
    [InlineData("""{ "Prices": { "Deep": { "PerHuor": 1 } } }""",
        "Prices:Deep:PerHuor: there is no such setting. Did you mean Prices:Deep:PerHour?")]
    public void A_file_has_only_what_the_gateway_knows(string json, string fault) =>
        Assert.Equal(fault, string.Join('|',
            _unknown.FaultsOf(new ConfigurationBuilder().AddJsonStream(new MemoryStream(Encoding.UTF8.GetBytes(json))).Build())));

    [Fact]
    public void Arguments_of_the_framework_are_left_to_it() =>
        Assert.Empty(_unknown.FaultsOf(new ConfigurationBuilder()
            .AddCommandLine(["--environment=Development", "--urls=http://localhost", "--contentRoot", "."]).Build()));

    private string[] OfEnvironment(string variable)
    {
        var provider = new Variables();
        provider.Set(variable.Replace("__", ":", StringComparison.Ordinal), "1");
        using var configuration = new ConfigurationRoot([provider]);
        return [.. _unknown.FaultsOf(configuration)];
    }

    // Not loaded: this process's own variables do not belong to the test.
    private sealed class Variables : EnvironmentVariablesConfigurationProvider
    {
        public override void Load()
        {
        }
    }

    private sealed class Costs
    {
        public string PerRequest { get; set; } = "";

        public IDictionary<string, Row> Table { get; } = new Dictionary<string, Row>();
    }

    private sealed class Row
    {
        public IList<int> List { get; } = [];
    }

    private sealed class Deep
    {
        public TimeSpan? PerHour { get; set; }
    }
}
