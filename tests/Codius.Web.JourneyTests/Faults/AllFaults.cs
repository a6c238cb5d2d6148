using Codius.Testing.Stores;

namespace Codius.Web.JourneyTests.Faults;

/// <summary>All faults there are.</summary>
internal static class AllFaults
{
    private const string Nothing = "nothing";
    private const string NothingYet = "nothing, unless it lasts longer than leases live: then what was served on them and not settled";
    private const string PacketsWait = "packets wait, or are rejected with T00 and sent again; each counts once";
    private const string SmallRest =
        "; an app with less than a second's spending left may get 503 with Retry-After until the lease expires (`Leases:Lifetime`)";
    private const string ServedOnLeases = "visits are served on what is leased, then get 503 with Retry-After";

    public static IReadOnlyList<Fault> List { get; } =
    [
        new("A gateway is killed (SIGKILL) and starts again", KillGatewayAsync)
        {
            SparesSecond = true,
            LosesLeases = true,
            Visitor = "requests in flight there end without an answer; the other gateway answers every visit" + SmallRest,
            Developer = "its leased units return to the app when the lease expires (`Leases:Lifetime`)",
            Payer = "packets in flight there are sent again through the other gateway; each counts once",
            Host = "what it served since its last settle (`Leases:SettleEvery`), never more than `Leases:MaxOut`",
        },
        new("A gateway is frozen for longer than its leases live (SIGSTOP, SIGCONT)", FreezeGatewayAsync)
        {
            SparesSecond = true,
            LosesLeases = true,
            Visitor = "requests there wait until it wakes; the other gateway answers every visit" + SmallRest,
            Developer = "its leased units return to the app when the lease expires",
            Payer = "packets there are sent again through the other gateway; each counts once, though both have them",
            Host = "what it served since its last settle, and no unit twice: a late settle is refused after the sweep",
        },
        new("A gateway is stopped (SIGTERM) and starts again", StopGatewayAsync)
        {
            SparesSecond = true,
            Visitor = "requests in flight there are answered first; the other gateway answers every visit",
            Developer = Nothing, Payer = "packets in flight there are answered first", Host = Nothing,
        },
        new("Redis is killed (SIGKILL) and starts again", KillRedisAsync)
        {
            Visitor = ServedOnLeases, Developer = Nothing, Payer = PacketsWait,
            Host = NothingYet + "; each write was on disk before its answer",
        },
        new("Redis is frozen (SIGSTOP, SIGCONT)", FreezeRedisAsync)
        {
            Visitor = "a visit that needs the ledger waits up to `Redis:Timeout`, then gets 503 with Retry-After",
            Developer = Nothing, Payer = PacketsWait, Host = NothingYet,
        },
        new("The disk of Redis is full", FillDiskAsync)
        {
            Visitor = ServedOnLeases, Developer = Nothing, Payer = PacketsWait,
            Host = NothingYet + "; with `appendfsync always` Redis ends at a write that fails, at each start again",
        },
        new("Redis is out of memory, and takes no writes", FillMemoryAsync)
        {
            Visitor = ServedOnLeases, Developer = Nothing, Payer = PacketsWait, Host = NothingYet,
        },
        new("Redis cannot be reached: connections are reset and refused", RefuseAsync)
        {
            Visitor = ServedOnLeases, Developer = Nothing, Payer = PacketsWait, Host = NothingYet,
        },
        new("Connections to Redis are cut, again and again", CutAsync)
        {
            Visitor = ServedOnLeases, Developer = Nothing, Payer = PacketsWait, Host = NothingYet,
        },
        new("Connections to Redis are slow: 200 ms a round trip more", SlowAsync)
        {
            Visitor = "a visit that needs the ledger waits for it", Developer = Nothing, Payer = "each packet takes as much longer",
            Host = Nothing,
        },
        new("Connections to Redis are half-open: nothing arrives, no end hears of it", SilenceAsync)
        {
            Visitor = "a visit that needs the ledger waits up to `Redis:Timeout`, then gets 503 with Retry-After",
            Developer = Nothing, Payer = PacketsWait, Host = NothingYet,
        },
        new("Redis does what it is asked, and its replies are lost", LoseRepliesAsync)
        {
            Visitor = "a visit that needs the ledger waits up to `Redis:Timeout`, then gets 503 with Retry-After",
            Developer = "nothing: what was leased with a reply that was lost is asked for again, with the same number",
            Payer = "packets are asked for again with the same identity; each counts once",
            Host = Nothing,
        },
    ];

    private static async Task KillGatewayAsync(FaultStage stage)
    {
        await stage.Gateways[0].KillAsync(FaultStage.Stop);
        await FaultStage.PassAsync();
        await stage.StartGatewayAsync(0);
    }

    private static async Task StopGatewayAsync(FaultStage stage)
    {
        Assert.Equal(0, await stage.Gateways[0].StopAsync(FaultStage.Stop));
        await stage.StartGatewayAsync(0);
    }

    private static async Task FreezeGatewayAsync(FaultStage stage)
    {
        await stage.Gateways[0].FreezeAsync(FaultStage.Stop);
        await FaultStage.PassAsync(FaultStage.LeaseLifetime + TimeSpan.FromSeconds(2));
        await stage.Gateways[0].ThawAsync(FaultStage.Stop);
    }

    private static async Task KillRedisAsync(FaultStage stage)
    {
        await stage.Redis.KillAsync();
        await FaultStage.PassAsync();
        await stage.Redis.StartAsync(FaultStage.Stop);
    }

    private static async Task FreezeRedisAsync(FaultStage stage)
    {
        stage.Redis.Freeze();
        await FaultStage.PassAsync();
        stage.Redis.Thaw();
    }

    private static async Task FillDiskAsync(FaultStage stage)
    {
        stage.Redis.FillDisk();
        try
        {
            // Something starts it again each time, as a supervisor does.
            await Task.WhenAll(FaultStage.PassAsync(), Task.Run(async () =>
            {
                for (var starts = 0; starts < 2; starts++)
                {
                    await EndsAsync(stage);
                    await stage.Redis.StartAsync(FaultStage.Stop);
                }
                await EndsAsync(stage);
            }));
        }
        finally
        {
            stage.Redis.FreeDisk();
            await stage.Redis.KillAsync();
            await stage.Redis.StartAsync(FaultStage.Stop);
        }
    }

    private static Task EndsAsync(FaultStage stage) =>
        stage.Redis.EndsAsync(FaultStage.Stop).WaitAsync(FaultStage.Patience, TimeProvider.System, FaultStage.Stop);

    private static async Task FillMemoryAsync(FaultStage stage)
    {
        await using var owner = await stage.Redis.ConnectAsync();
        await owner.GetDatabase().ExecuteAsync("CONFIG", "SET", "maxmemory", "1");
        await FaultStage.PassAsync();
        await owner.GetDatabase().ExecuteAsync("CONFIG", "SET", "maxmemory", "1gb");
    }

    private static Task RefuseAsync(FaultStage stage) => OnLinksAsync(stage, LinkFault.Refuses, cut: true);

    private static Task SlowAsync(FaultStage stage) => OnLinksAsync(stage, LinkFault.Slow);

    private static Task SilenceAsync(FaultStage stage) => OnLinksAsync(stage, LinkFault.Silent);

    private static Task LoseRepliesAsync(FaultStage stage) => OnLinksAsync(stage, LinkFault.LosesReplies);

    private static async Task CutAsync(FaultStage stage)
    {
        var cuts = FaultStage.PassAsync();
        while (!cuts.IsCompleted)
        {
            foreach (var link in stage.Links) link.Cut();
            using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(700), TimeProvider.System);
            await timer.WaitForNextTickAsync(FaultStage.Stop);
        }
        await cuts;
    }

    private static async Task OnLinksAsync(FaultStage stage, LinkFault fault, bool cut = false)
    {
        foreach (var link in stage.Links)
        {
            link.Fault = fault;
            if (cut) link.Cut();
        }
        await FaultStage.PassAsync();
        foreach (var link in stage.Links) link.Fault = LinkFault.None;
    }
}
