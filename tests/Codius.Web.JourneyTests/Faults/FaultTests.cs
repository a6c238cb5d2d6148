namespace Codius.Web.JourneyTests.Faults;

/// <summary>Runs alone: it needs the processors.</summary>
[CollectionDefinition(nameof(FaultTests), DisableParallelization = true)]
public sealed class FaultSuite : ICollectionFixture<FaultStage>;

/// <summary>Every fault on the real stack, under load: every unit is accounted for, and no visitor waits for long.</summary>
[Collection(nameof(FaultTests))]
public sealed class FaultTests(FaultStage stage)
{
    public static TheoryData<string> Names => [.. AllFaults.List.Select(fault => fault.Name)];

    [Theory]
    [MemberData(nameof(Names))]
    public async Task Every_unit_is_accounted_for_and_visits_are_answered_soon_after(string name)
    {
        var fault = AllFaults.List.Single(fault => fault.Name == name);
        var result = await stage.RunAsync(fault);
        TestContext.Current.TestOutputHelper!.WriteLine(ReliabilityPage.Measured(result));

        // Money in: what the payers were told is what was credited.
        foreach (var (before, after) in result.Before.Zip(result.After))
            Assert.Equal(after.Paid - before.Paid, after.Balance.Credited - before.Balance.Credited);

        // Money out: no visit is paid twice, none that was not answered or forwarded, and few are not paid.
        foreach (var (logs, spent) in result.Apps)
        {
            var most = (ulong)logs.Sum(log => log.Good + log.Cut) * FaultStage.Price;
            Assert.True(spent <= most + FaultStage.RunningTime, $"{spent} units were spent on visits worth {most} at most");
        }
        Assert.True(result.Unpaid <= result.MayBeUnpaid, $"{result.Unpaid} visits are not paid; {result.MayBeUnpaid} may be");

        // Visits: no 402 to an app with funds, no error but 503, and that one says when to come again.
        foreach (var log in result.Apps.SelectMany(app => app.Logs))
        {
            Assert.DoesNotContain(log.Statuses.Keys, status => status is not (200 or 503));
            Assert.Equal(0, log.WithoutRetryAfter);
        }
        if (fault.SparesSecond)
        {
            var spared = result.Logs.Funded[1];
            Assert.Equal([200], spared.Statuses.Keys);
            Assert.Equal((0, 0), (spared.Cut, spared.Refused));
        }
        if (FaultStage.IsTimed)
        {
            foreach (var (time, within) in result.Recovered.Zip([fault.Within, fault.Within, fault.WithinOfRest]))
                Assert.True(time <= within, $"Visits got errors until {time} after the fault");
        }
        stage.Page.Add(result);
    }

    [Fact]
    public void The_page_about_reliability_has_each_fault_and_what_was_measured()
    {
        var page = File.ReadAllText(ReliabilityPage.File);
        foreach (var fault in AllFaults.List)
        {
            Assert.Contains(ReliabilityPage.Promised(fault), page);
            Assert.Contains($"\n{ReliabilityPage.MeasuredStart(fault)}", page);
        }
    }
}
