using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace OpenPayments.Net.Tests;

public sealed class OpenPaymentsOptionsTests
{
    public static TheoryData<string, Action<OpenPaymentsOptions>> Wrong => new()
    {
        { "OpenPaymentsOptions.Origin: must be an origin", options => options.Origin = "" },
        { "OpenPaymentsOptions.Origin: must be an origin", options => options.Origin = "https://shop.example/" },
        { "OpenPaymentsOptions.Origin: is too long by 1 characters", options => options.Origin = "https://" + new string('h', 58) },
        { "OpenPaymentsOptions.Origin: is too long by 1 characters", options => options.LongestAccount = 112 },
        { "OpenPaymentsOptions.TokenKeys: needs a key", options => options.TokenKeys.Clear() },
        { "OpenPaymentsOptions.TokenKeys: needs a key", options => options.TokenKeys.Add(new byte[16]) },
        { "OpenPaymentsOptions.SigningKey: must be", options => options.SigningKey = new byte[31] },
        { "OpenPaymentsOptions.PreviousSigningKeys: each must be", options => options.PreviousSigningKeys.Add(new byte[31]) },
    };

    [Theory]
    [MemberData(nameof(Wrong), DisableDiscoveryEnumeration = true)]
    public void Options_with_which_no_client_could_pay_are_refused(string error, Action<OpenPaymentsOptions> spoil)
    {
        var thrown = Assert.Throws<OptionsValidationException>(() => With(spoil));
        Assert.StartsWith(error, Assert.Single(thrown.Failures), StringComparison.Ordinal);
    }

    [Fact]
    public void The_longest_origin_is_accepted() =>
        Assert.Equal(255, With(options => options.Origin = "https://" + new string('h', 57)).LongestUrl);

    private static OpenPaymentsOptions With(Action<OpenPaymentsOptions> change)
    {
        using var services = new ServiceCollection().AddOpenPayments(options =>
        {
            options.Origin = "https://shop.test";
            options.TokenKeys.Add(new byte[32]);
            change(options);
        }).BuildServiceProvider();
        return services.GetRequiredService<IOptions<OpenPaymentsOptions>>().Value;
    }
}
