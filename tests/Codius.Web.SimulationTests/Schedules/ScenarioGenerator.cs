namespace Codius.Web.SimulationTests.Schedules;

/// <summary>Makes a scenario of a seed. Each has only some of the faults, so that what the others would excuse is seen, too.</summary>
internal static class ScenarioGenerator
{
    public const int StepsOfOne = 200;

    private static readonly (StepKind Kind, int Weight, Faults Needs)[] Weights =
    [
        (StepKind.Visit, 22, 0), (StepKind.Forward, 8, 0), (StepKind.Retract, 2, 0), (StepKind.Answer, 16, 0), (StepKind.Void, 4, 0),
        (StepKind.Fail, 5, 0), (StepKind.Leave, 1, 0), (StepKind.Deliver, 14, 0), (StepKind.DeliverAll, 6, 0), (StepKind.Pass, 14, 0),
        (StepKind.PayPacket, 3, 0), (StepKind.PayReceipt, 2, 0), (StepKind.PayWallet, 2, 0), (StepKind.PayTogether, 1, 0),
        (StepKind.Receive, 2, 0), (StepKind.Look, 3, 0), (StepKind.IncludeHost, 1, 0),
        (StepKind.Change, 1, 0), (StepKind.Deploy, 1, 0), (StepKind.EndDeploy, 1, 0), (StepKind.Start, 1, 0),
        (StepKind.LoseRequest, 2, Faults.Lost), (StepKind.LoseAnswer, 4, Faults.Lost),
        (StepKind.Double, 3, Faults.Late), (StepKind.Delay, 3, Faults.Late), (StepKind.Arrive, 3, Faults.Late),
        (StepKind.Crash, 2, Faults.Crash), (StepKind.Freeze, 2, Faults.Freeze), (StepKind.Thaw, 2, Faults.Freeze),
        (StepKind.Stop, 2, Faults.Stop), (StepKind.Replicate, 6, Faults.FailOver), (StepKind.FailOver, 2, Faults.FailOver),
        (StepKind.JumpStore, 1, Faults.Clock), (StepKind.JumpGateway, 1, Faults.Clock), (StepKind.Outage, 2, Faults.Outage),
        (StepKind.DropAll, 1, Faults.Epoch),
    ];

    private static readonly (StepKind Kind, int Weight, Faults Needs)[] Running =
        [(StepKind.Bill, 3, 0), (StepKind.Wake, 1, 0), (StepKind.EndWake, 1, 0)];

    // Beside the others, so that seeds without them have the steps that they always had.
    private static readonly (StepKind Kind, int Weight, Faults Needs)[] Beside =
    [
        (StepKind.PayAll, 4, 0), (StepKind.Owe, 3, 0), (StepKind.Book, 3, 0), (StepKind.SettleDebt, 1, 0), (StepKind.Forfeit, 1, 0),
        (StepKind.PayConnection, 2, 0), (StepKind.PayIncoming, 5, 0), (StepKind.CompleteIncoming, 1, 0),
        (StepKind.DeliverTogether, 6, 0), (StepKind.CrashStore, 6, Faults.CrashStore),
    ];

    private static readonly (StepKind Kind, int Weight, Faults Needs)[] OfLooks =
    [
        (StepKind.OpenPayment, 3, 0), (StepKind.PayOpen, 5, 0), (StepKind.HintLook, 3, 0), (StepKind.ClaimLooks, 6, 0),
        (StepKind.CrashStore, 3, Faults.CrashStore),
    ];

    /// <param name="seed">The same seed is the same scenario.</param>
    /// <param name="always">What it has, beside what the seed decides.</param>
    /// <param name="runs">True if running time has a price, whatever the seed decides.</param>
    /// <param name="ends">True if accounts that were paid little end, whatever the seed decides.</param>
    /// <param name="looks">True if gateways look at the receiving wallet, whatever the seed decides.</param>
    public static Scenario Make(int seed, Faults always = Faults.None, bool runs = false, bool ends = false, bool looks = false)
    {
        var random = new Random(seed);
        var faults = random.Next(4) == 0 ? Faults.None : (Faults)random.Next(512) & (Faults)random.Next(512);
        faults |= always;
        var unit = random.Next(8) == 0 ? 1_000_000_000_001UL : 1;
        var running = random.Next(3) == 0 || runs;
        (StepKind Kind, int Weight, Faults Needs)[] kinds =
            [.. Weights.Concat(running ? Running : []).Where(kind => kind.Needs == 0 || faults.HasFlag(kind.Needs))];
        var dust = new Random(~seed);
        var hasDust = dust.Next(4) == 0 || ends;
        if (hasDust && dust.Next(2) == 0) faults |= Faults.EndWithin;
        var beside = new Random(seed ^ 0x5EED);
        var hasBeside = beside.Next(3) == 0 || always.HasFlag(Faults.CrashStore);
        if (hasBeside && beside.Next(2) == 0) faults |= Faults.CrashStore;
        var wallet = new Random(seed ^ 0x10CC);
        var hasLooks = wallet.Next(4) == 0 || looks;
        // A small balance has recalls, a large one slices.
        var paid = random.Next(3) switch { 0 => random.Next(6), 1 => random.Next(40), _ => random.Next(1000) };
        return new Scenario(
            1 + random.Next(3), unit * (ulong)(1 + random.Next(9)), paid, random.Next(6) == 0 ? 1 + random.Next(30) : 0,
            random.Next(6) == 0 ? 1 + random.Next(20) : 0, running, faults, random.Next(3) == 0 ? 2 + random.Next(2) : 1,
            hasDust ? (ulong)(paid + 1 + dust.Next(300)) : 0,
            PayAtEnds([.. Enumerable.Range(0, StepsOfOne).Select(_ => Next()).Select(step => hasBeside ? Replace(step) : step)
                .Select(step => hasLooks ? Look(step) : step)]));

        // So that accounts end within the script that pays them, several of them within one.
        IReadOnlyList<Step> PayAtEnds(List<Step> steps)
        {
            if (!faults.HasFlag(Faults.EndWithin)) return steps;
            var ends = new Random(seed ^ 0xE4D5);
            for (var at = ends.Next(40); at + 2 < steps.Count; at += 10 + ends.Next(60))
            {
                steps[at] = new Step(StepKind.PassToEnd, ends.Next(1000), ends.Next(1000));
                steps[at + 1] = new Step(StepKind.PayAll, ends.Next(1000), ends.Next(1000));
                steps[at + 2] = new Step(StepKind.DeliverAll, 0, 0);
            }
            return steps;
        }

        Step Look(Step step) => wallet.Next(4) > 0 ? step
            : new Step(Draw(wallet, [.. OfLooks.Where(kind => (kind.Needs & ~faults) == 0)]), wallet.Next(1000), wallet.Next(1000));

        Step Replace(Step step) => beside.Next(8) > 0 ? step
            : new Step(Draw(beside, [.. Beside.Where(kind => (kind.Needs & ~faults) == 0)]), beside.Next(1000), beside.Next(1000));

        Step Next()
        {
            var kind = Draw(random, kinds);
            return kind switch
            {
                StepKind.Pass => new Step(kind, random.Next(5) switch
                {
                    0 => random.Next(20),
                    1 => random.Next(200),
                    2 => random.Next(1500),
                    3 => random.Next(4000),
                    _ when hasDust && dust.Next(2) == 0 => dust.Next(300_000),
                    _ => random.Next(8) == 0 ? random.Next(90_000) : random.Next(12_000),
                }, random.Next(4) == 0 ? 1 : 0),
                // What is marked is kept for a minute longer than it could be counted: a store's clock may not jump back by more.
                StepKind.JumpStore or StepKind.JumpGateway => new Step(kind, random.Next(1000), random.Next(-20_000, 20_000)),
                _ => new Step(kind, random.Next(1000), random.Next(1000)),
            };
        }
    }

    private static StepKind Draw(Random random, (StepKind Kind, int Weight, Faults Needs)[] kinds)
    {
        var drawn = random.Next(kinds.Sum(kind => kind.Weight));
        var at = 0;
        while ((drawn -= kinds[at].Weight) >= 0) at++;
        return kinds[at].Kind;
    }
}
