using Codius.Web.Balances.Storage;

namespace Codius.Web.Tests.Balances.Storage;

/// <summary>Which stores may hold money.</summary>
public sealed class DurabilityTests
{
    [Theory]
    [InlineData("redis_version", "7.0.15", "Redis is version 7.0.15")]
    [InlineData("redis_version", "unstable", "Redis is version unstable")]
    [InlineData("aof_enabled", "0", "appendonly yes")]
    [InlineData("aof_last_write_status", "err", "Look at its disk")]
    [InlineData("maxmemory_policy", "allkeys-lru", "maxmemory-policy is allkeys-lru")]
    public void A_store_that_may_forget_money_is_named_for_it(string setting, string value, string fault)
    {
        var info = Good();
        info[setting] = value;
        Assert.Contains(fault, Assert.Single(Durability.Judge(info, "always").Faults));
    }

    [Fact]
    public void A_durable_store_has_no_faults_and_shows_its_settings()
    {
        var durability = Durability.Judge(Good(), "everysec");
        Assert.Empty(durability.Faults);
        Assert.Equal("everysec", durability.Settings["appendFsync"]);
        Assert.Equal("7.2.4", durability.Settings["version"]);
    }

    [Fact]
    public void A_store_that_says_nothing_is_not_believed() =>
        Assert.Equal(3, Durability.Judge(new Dictionary<string, string>(), null).Faults.Count);

    [Theory]
    [InlineData("maxmemory", "0", "no bound on its memory")]
    [InlineData("maxmemory", "1100", "91 percent of its memory")]
    public void A_store_that_strangers_could_fill_is_told_and_starts_all_the_same(string setting, string value, string warning)
    {
        var info = Good();
        info[setting] = value;
        var durability = Durability.Judge(info, "always");
        Assert.Empty(durability.Faults);
        Assert.Contains(warning, Assert.Single(durability.Warnings));
    }

    [Fact]
    public void A_store_with_room_is_not_warned_about()
    {
        var durability = Durability.Judge(Good(), "always");
        Assert.Empty(durability.Warnings);
        Assert.Equal((2000L, 1001L), (durability.Settings["maxMemory"], durability.Settings["usedMemory"]));
    }

    private static Dictionary<string, string> Good() => new()
    {
        ["redis_version"] = "7.2.4",
        ["aof_enabled"] = "1",
        ["aof_last_write_status"] = "ok",
        ["maxmemory_policy"] = "noeviction",
        ["maxmemory"] = "2000",
        ["used_memory"] = "1001",
        ["role"] = "master",
    };
}
