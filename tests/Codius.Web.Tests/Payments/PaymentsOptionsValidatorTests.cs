using Codius.Web.Hosting;

namespace Codius.Web.Tests.Payments;

public sealed class PaymentsOptionsValidatorTests
{
    [Fact]
    public void In_direct_mode_production_refuses_to_start_without_a_connector_and_an_address()
    {
        var faults = FaultsOf("--environment=Production", "--Host:PublicUrl=https://codius.example");

        Assert.Contains(faults, fault => fault.StartsWith("Payments:IlpAddress: is missing.", StringComparison.Ordinal));
        Assert.Contains(faults, fault =>
            fault.StartsWith("Payments:Connectors: is empty, so no money could come in.", StringComparison.Ordinal));
    }

    [Fact]
    public void The_longest_URL_that_wallets_keep_has_255_characters()
    {
        var domain = $"{new string('a', 49)}.bbb.test";
        Assert.DoesNotContain(FaultsOf("--environment=Production", $"--Host:PublicUrl=https://{domain[1..]}"), fault =>
            fault.StartsWith("Host:PublicUrl", StringComparison.Ordinal));

        Assert.Contains(
            "Host:PublicUrl: is too long by 1 characters, since wallets keep the URLs of incoming payments, with the payments in them, in "
                + "255; use a domain of at most 57 characters.",
            FaultsOf("--environment=Production", $"--Host:PublicUrl=https://{domain}"));
    }

    [Fact]
    public void In_wallet_mode_a_wallet_is_needed_and_no_connector() =>
        Assert.Equal(
            ["Payments:Wallet: is missing. In Wallet mode it is the payment pointer of the host's receiving wallet, such as "
                + "$wallet.example/host."],
            FaultsOf("--environment=Production", "--Host:PublicUrl=https://codius.example", "--Payments:Mode=Wallet")
                .Where(fault => fault.StartsWith("Payments", StringComparison.Ordinal)));

    [Fact]
    public void A_wallet_given_is_the_mode() =>
        Assert.DoesNotContain(
            FaultsOf("--environment=Production", "--Host:PublicUrl=https://codius.example", "--Payments:Wallet=$wallet.example/host"),
            fault => fault.StartsWith("Payments", StringComparison.Ordinal));

    [Fact]
    public void A_wallet_with_direct_mode_is_a_contradiction() =>
        Assert.Contains(
            "Payments:Mode: is Direct, but Payments:Wallet names '$wallet.example/host'. Remove Payments:Mode to be paid through this "
                + "wallet, or Payments:Wallet to receive payments by a connector.",
            FaultsOf("--environment=Production", "--Host:PublicUrl=https://codius.example", "--Payments:Mode=Direct",
                "--Payments:Wallet=$wallet.example/host"));

    [Fact]
    public void The_digits_of_packets_are_no_setting_where_a_wallet_says_them() =>
        Assert.Contains(
            "Payments:AssetScale: is for connectors' packets, which there are none of in Wallet mode; the wallet says its own scale. "
                + "Remove it.",
            FaultsOf("--environment=Production", "--Host:PublicUrl=https://codius.example", "--Payments:Wallet=$wallet.example/host",
                "--Payments:AssetScale=2"));

    [Theory]
    [InlineData("$codius.example")]
    [InlineData("$hello.codius.example")]
    [InlineData("$wallet.codius.example/host")]
    [InlineData("$CODIUS.example/pay/hello")]
    public void The_wallet_is_never_under_the_hosts_own_domain(string wallet) =>
        Assert.Contains(
            $"Payments:Wallet: '{wallet}' is under the host's own domain, so its queries would come back here; name the wallet's own "
            + "pointer.",
            FaultsOf("--environment=Production", "--Host:PublicUrl=https://codius.example", "--Payments:Mode=Wallet",
                "--Payments:Wallet=" + wallet));

    [Theory]
    [InlineData("wallet.example/host")]
    [InlineData("https://wallet.example/host")]
    [InlineData("http://127.0.0.1:3000/")]
    [InlineData("$wallet.example:8443/host")]
    [InlineData("$wallet.example/host?x=1")]
    [InlineData("$wallet.example/host#x")]
    [InlineData("$user@wallet.example/host")]
    [InlineData("$")]
    public void The_wallet_is_a_payment_pointer(string wallet) =>
        Assert.Contains($"Payments:Wallet: '{wallet}' is not a payment pointer, such as $wallet.example/host.",
            FaultsOf("--environment=Production", "--Host:PublicUrl=https://codius.example", "--Payments:Mode=Wallet",
                "--Payments:Wallet=" + wallet));

    [Theory]
    [InlineData("--Payments:IlpAddress=codius",
        "Payments:IlpAddress: 'codius' is not an ILP address of at most 700 characters, such as g.connector.codius.")]
    [InlineData("--Payments:FulfillMargin=00:00:01",
        "Payments:FulfillMargin: must be shorter than Payments:MinimumWindow, or no packet would ever be in time.")]
    [InlineData("--Payments:Connectors:Big_One=0123456789abcdef",
        "Payments:Connectors: 'Big_One' must be 1 to 50 characters of a-z, 0-9 and hyphen.")]
    [InlineData("--Payments:Connectors:one=short",
        "Payments:Connectors:one: the token must have at least 16 characters. Make one with `openssl rand -hex 32`.")]
    [InlineData("--Payments:Mode=Sideways",
        "Payments: Failed to convert configuration value 'Sideways' at 'Payments:Mode' to type 'Codius.Web.Payments.PaymentsMode'.")]
    public void Each_fault_says_what_to_do(string argument, string fault) =>
        Assert.Contains(FaultsOf("--environment=Development", argument), told => told.StartsWith(fault, StringComparison.Ordinal));

    [Theory]
    [InlineData("--Payments:MaxUnsettled=-1", "Payments:MaxUnsettled: '-1' is not an amount of USD with at most 9 decimals.")]
    [InlineData("--Payments:MaxPacketAmount=0", "Payments:MaxPacketAmount: '0' is not an amount of USD above 0 with at most 9 decimals.")]
    public void Amounts_are_of_the_hosts_asset(string argument, string fault) =>
        Assert.Contains(fault, FaultsOf("--environment=Development", argument));

    [Theory]
    [InlineData("--Host:AssetScale=6", "--Payments:AssetScale=9", "Payments:AssetScale: 9 is finer than the ledger, which counts in "
        + "6 digits (Host:AssetScale), so packets could not be counted exactly. Use at most as many.")]
    [InlineData("--Payments:MaxPacketAmount=0.009", "--Payments:AssetScale=2", "Payments:MaxPacketAmount: '0.009' is below 0.01 USD, the "
        + "least that a packet can carry at Payments:AssetScale, so no money could come in.")]
    public void Packets_carry_whole_units_of_the_ledger(string ledger, string wire, string fault) =>
        Assert.Contains(fault, FaultsOf("--environment=Development", ledger, wire));

    [Theory]
    [InlineData("--Payments:AssetScale=0")]
    [InlineData("--Payments:AssetScale=13")]
    [InlineData("--Host:AssetScale=-1")]
    public void A_scale_out_of_range_is_one_fault_and_no_crash(string argument) =>
        Assert.Contains(FaultsOf("--environment=Development", "--Payments:AssetScale=2", argument),
            told => told.Contains("AssetScale", StringComparison.Ordinal));

    [Fact]
    public void Two_connectors_never_share_a_token() =>
        Assert.Contains("Payments:Connectors: two connectors have the same token; each needs its own.",
            FaultsOf("--environment=Development", "--Payments:Connectors:one=0123456789abcdef",
                "--Payments:Connectors:two=0123456789abcdef"));

    private static IReadOnlyList<string> FaultsOf(params string[] arguments) =>
        Assert.Throws<StartupFaultException>(() => Gateway.Build(arguments)).Faults;
}
