using Codius.Web.Hosting;

namespace Codius.Web.Tests.Hosting.Settings;

public sealed class StartupFaultsTests
{
    private const string Secret = "MDEyMzQ1Njc4OTAxMjM0NTY3ODkwMTIzNDU2Nzg5MDE=";

    [Fact]
    public void All_faults_of_all_sections_are_told_at_once()
    {
        var faults =
            FaultsOf("--Host:AssetScale=13", "--Host:PublicUrl=ftp://x/y?z", "--Gateway:Listen=nowhere", "--Proxies:Known:0=10.0.0.0/99");

        Assert.Contains("Host:AssetScale: The field AssetScale must be between 1 and 12.", faults);
        Assert.Contains("Host:PublicUrl: must be an http or https URL, such as https://codius.example.", faults);
        Assert.Contains("Gateway:Listen: 'nowhere' is neither an IP address nor * nor localhost.", faults);
        Assert.Contains(faults, fault => fault.StartsWith("Proxies:Known: '10.0.0.0/99' is not a network", StringComparison.Ordinal));
    }

    [Fact]
    public void Production_refuses_to_start_without_a_secret_a_url_and_an_admin_token()
    {
        var faults = FaultsOf("--environment=Production");

        Assert.Contains(faults, fault => fault.StartsWith("Host:Secret: is missing.", StringComparison.Ordinal));
        Assert.Contains(faults, fault => fault.StartsWith("Admin:Token: is missing.", StringComparison.Ordinal));
        Assert.Contains(faults, fault => fault.StartsWith("Host:PublicUrl:", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("codius.example", "must be neither the domain of Host:PublicUrl nor above or below it")]
    [InlineData("apps.codius.example", "must be neither the domain of Host:PublicUrl nor above or below it")]
    [InlineData("example", "must be neither the domain of Host:PublicUrl nor above or below it")]
    [InlineData("Apps.Example", "must be a domain in lower case")]
    [InlineData("https://apps.example", "must be a domain in lower case")]
    public void An_apps_domain_whose_cookies_reach_the_host_is_a_fault(string domain, string fault) =>
        Assert.Contains(FaultsOf("--Host:PublicUrl=https://codius.example", "--Host:AppsDomain=" + domain),
            told => told.StartsWith("Host:AppsDomain:", StringComparison.Ordinal) && told.Contains(fault, StringComparison.Ordinal));

    [Fact]
    public void An_apps_domain_and_the_sandbox_do_not_go_together() =>
        Assert.Contains(FaultsOf("--environment=Development", "--Host:PublicUrl=http://codius.test", "--Host:AppsDomain=apps.test"),
            told => told.StartsWith("Host:AppsDomain: the sandbox", StringComparison.Ordinal));

    [Fact]
    public void A_misspelt_setting_is_a_fault_and_not_silently_a_default()
    {
        var faults = FaultsOf("--Gateway:Prt=8080");

        Assert.Contains("Gateway:Prt: there is no such setting. Did you mean Gateway:Port?", faults);
    }

    [Theory]
    [InlineData("--Price:PerRequest=1", "Price:PerRequest: there is no such setting. Did you mean Prices:PerRequest?")]
    [InlineData("--Prices:PerReqest=1", "Prices:PerReqest: there is no such setting. Did you mean Prices:PerRequest?")]
    [InlineData("--Gateway:PublicUrl=http://x.example", "Gateway:PublicUrl: there is no such setting. Did you mean Host:PublicUrl?")]
    [InlineData("--PublicUrl=http://x.example", "PublicUrl: there is no such setting. Did you mean Host:PublicUrl?")]
    [InlineData("--Gateway:Port:Number=1", "Gateway:Port:Number: there is no such setting. appsettings.json has all there are.")]
    [InlineData("--Weather:Sunny=1", "Weather:Sunny: there is no such setting. appsettings.json has all there are.")]
    [InlineData("--apps:processes:images:web:comand=1",
        "apps:processes:images:web:comand: there is no such setting. Did you mean Apps:Processes:Images:web:Command?")]
    public void A_setting_that_does_not_exist_is_a_fault_that_names_the_nearest(string argument, string fault) =>
        Assert.Contains(fault, FaultsOf(argument));

    [Theory]
    [InlineData("--Hosting:Mode=Kubernetes", "Hosting:Mode: is Apps:Engine now.")]
    [InlineData("--Hosting:Processes:StopGrace=0", "Hosting:Processes:StopGrace: is Apps:Processes:StopGrace now.")]
    [InlineData("--hosting:processes:images:web:command=x",
        "hosting:processes:images:web:command: is Apps:Processes:images:web:command now.")]
    public void A_key_of_earlier_versions_is_a_fault_that_names_the_new_one(string argument, string fault) =>
        Assert.Contains(fault, FaultsOf(argument));

    [Fact]
    public void Unknown_settings_are_told_with_all_other_faults()
    {
        var faults = FaultsOf("--Host:AssetScale=13", "--Host:Name=x", "--Price:PerDeploy=1");

        Assert.Contains("Host:AssetScale: The field AssetScale must be between 1 and 12.", faults);
        Assert.Contains("Host:Name: there is no such setting. appsettings.json has all there are.", faults);
        Assert.Contains("Price:PerDeploy: there is no such setting. Did you mean Prices:PerDeploy?", faults);
    }

    [Theory]
    [InlineData("https://127.0.0.1", "Host:PublicUrl: must name a domain, since apps are names below it; an IP address has none.")]
    [InlineData("https://[::1]", "Host:PublicUrl: must name a domain, since apps are names below it; an IP address has none.")]
    [InlineData("https://abcdefghijklmnopqrstuvwxyz-abcdefghijklmnopqrstuvwxyz-0123456789.example",
        "Host:PublicUrl: must name a domain: labels of letters, digits and hyphens, 63 characters at most, with dots between them.")]
    [InlineData("https://codius.example/shop", "Host:PublicUrl: must be an origin alone: no path, query, fragment or user.")]
    public void The_public_url_is_an_origin_with_a_domain(string url, string fault) =>
        Assert.Contains(fault, FaultsOf("--Host:PublicUrl=" + url));

    [Theory]
    [InlineData("--Host:Secret=c2hvcnQ=", "Host:Secret: must be 32 bytes in base64.")]
    [InlineData("--Host:PreviousSecrets:0=" + Secret + "AA", "Host:PreviousSecrets: each must be 32 bytes in base64.")]
    [InlineData("--Gateway:ManagementPort=8080",
        "Gateway: two of Port, Http2Port, RedirectPort, ManagementPort and WebhookPort are 8080; each needs its own.")]
    [InlineData("--Gateway:CertificateFile=/nowhere.pem", "Gateway:CertificateFile and Gateway:CertificateKeyFile: give both or neither.")]
    [InlineData("--Gateway:RedirectPort=80", "Gateway:RedirectPort: leads to https, so Host:PublicUrl must be an https URL.")]
    public void Each_fault_says_what_to_do(string argument, string fault) => Assert.Contains(fault, FaultsOf(argument));

    private static IReadOnlyList<string> FaultsOf(params string[] arguments)
    {
        var development = arguments.Any(argument => argument.StartsWith("--environment", StringComparison.Ordinal)) ? arguments
            : [.. arguments, "--environment=Development"];
        return Assert.Throws<StartupFaultException>(() => Gateway.Build(development)).Faults;
    }
}
