using System.Net;
using Codius.Web.Balances;
using Codius.Web.Deploying;
using Codius.Web.Hosting.Rates;
using Codius.Web.Tests.Deploying.Kubectl;
using Microsoft.Extensions.Time.Testing;

namespace Codius.Web.Tests.Deploying;

/// <summary>How often one owner may change apps.</summary>
public sealed class DeployRateTests(DeployOnRedis fixture) : IClassFixture<DeployOnRedis>
{
    private const string Manifest = """{"spec":{"containers":[{"name":"web","image":"nginx"}]}}""";

    private readonly DeployHost _host = fixture.Host;

    [Fact]
    public void An_owner_may_change_twenty_apps_at_once_and_one_a_second_and_others_have_their_own_rate()
    {
        var time = new FakeTimeProvider();
        var (rate, owner) = (new DeployRate(new LiveGateways(), time), AccountId.OfDeployToken("alice"));

        Assert.Equal(20, Enumerable.Range(0, 50).Count(i => rate.TryEnter(owner, out _)));
        Assert.False(rate.TryEnter(owner, out var wait));
        Assert.InRange(wait, TimeSpan.FromMilliseconds(1), TimeSpan.FromSeconds(1));
        Assert.True(rate.TryEnter(AccountId.OfDeployToken("bob"), out _));
        time.Advance(wait);
        Assert.True(rate.TryEnter(owner, out _));
    }

    [Fact]
    public async Task Changes_that_cost_nothing_are_refused_when_they_come_too_fast_by_PUT_and_by_kubectl()
    {
        var token = await _host.TokenAsync();
        var owner = AccountId.OfDeployToken(token);
        var admission = new AdmissionClient(_host);
        HttpStatusCode put;
        Admitted admitted;
        do
        {
            while (_host.Get<DeployRate>().TryEnter(owner, out _))
            {
                // until there is no token left
            }
            put = await _host.PutAsync("often", token, Manifest);
        }
        while (put != HttpStatusCode.TooManyRequests);
        do
        {
            while (_host.Get<DeployRate>().TryEnter(owner, out _))
            {
                // until there is no token left
            }
            admitted = await admission.CreateAsync(AdmissionClient.Deployer(token), AdmissionClient.Service("often"), dryRun: true);
        }
        while (admitted.Code != 429);

        Assert.Contains("Too many deploys", admitted.Message, StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.Created, await _host.PutAsync("not-so-often", await _host.TokenAsync(), Manifest));
    }
}
