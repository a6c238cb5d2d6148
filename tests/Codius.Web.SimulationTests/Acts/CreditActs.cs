using Codius.Web.SimulationTests.Checks;
using Codius.Web.SimulationTests.Gateways;
using Codius.Web.SimulationTests.Schedules;
using Codius.Web.SimulationTests.Stores;

namespace Codius.Web.SimulationTests.Acts;

/// <summary>Credits that reach the store, alone or together, and what each has done, whatever became of their script.</summary>
internal sealed class CreditActs(Simulation simulation, IReadOnlyDictionary<SimulatedAccount, SimulatedPayer> payers)
{
    private SimulatedScripts Scripts => simulation.Store.Scripts;

    /// <summary>One of the current account.</summary>
    public void Run(SimulatedCredit credit) => Run([(simulation.Current, [credit])], static send => send());

    /// <summary>While the first one is under way the others wait for it, and share the next script; one may be there twice.</summary>
    public void RunAfterFirst(List<SimulatedCredit> credits) => Run([(simulation.Current, credits)], send =>
    {
        var underWay = new TaskCompletionSource();
        Scripts.CreditsWaitFor = underWay.Task;
        send();
        Scripts.CreditsWaitFor = Task.CompletedTask;
        underWay.SetResult();
    });

    /// <summary>All accounts are paid within a moment, in one script. Payers that get no answer send theirs again.</summary>
    public void PayAll(Step step)
    {
        var parts = simulation.Accounts.Select((account, at) => (account, Pick(payers[account], step, at))).ToList();
        var fate = (step.A % 8) switch
        {
            0 => ScriptFate.IsLost,
            1 => ScriptFate.AnswerIsLost,
            2 => ScriptFate.IsRefused,
            3 or 4 => ScriptFate.Crashes,
            _ => ScriptFate.Arrives,
        };
        Send();

        void Send() => simulation.Pending.Add(new PendingCall("credits", null, simulation.Time.Now, () =>
        {
            (Scripts.Fate, Scripts.CrashesAfter) = (fate, step.B % 16);
            fate = ScriptFate.Arrives;
            var isAnswered = Run(parts, simulation.Store.SendTogether);
            Scripts.Fate = ScriptFate.Arrives;
            if (!isAnswered) Send();
        }, _ => { }));
    }

    private List<SimulatedCredit> Pick(SimulatedPayer payer, Step step, int at)
    {
        var credits = new List<SimulatedCredit>();
        for (var i = 0; i < 1 + (step.A + at) % 3; i++)
        {
            var units = (ulong)((step.B + 7 * i) % 30 + 1) * simulation.Scenario.Price;
            credits.Add(i % 3 == 1 ? payer.Receipt((byte)(step.B % 3), units) : payer.SomePacket(step.B + at + i, units));
        }
        return credits;
    }

    /// <summary>True if all have an answer.</summary>
    private bool Run(IReadOnlyList<(SimulatedAccount Account, List<SimulatedCredit> Credits)> parts, Action<Action> sendAll)
    {
        foreach (var (account, _) in parts) simulation.EndIfDue(account);
        var fate = Scripts.Fate;
        var sent = parts.Select(part => new SentCredits(part.Account, part.Credits)).ToList();
        sendAll(() => sent.ForEach(part => part.Send()));
        sent.ForEach(part => part.Wait());
        foreach (var part in sent) simulation.On(part.Account, () => Check(part, fate));
        return sent.TrueForAll(part => part.IsAnswered);
    }

    private void Check(SentCredits sent, ScriptFate fate)
    {
        var now = simulation.Store.Read(sent.Account.Id);
        if (sent.IsAnswered)
        {
            sent.Answered();
        }
        else
        {
            Rule.Holds(fate != ScriptFate.Arrives, "A store that answers is available", $"{string.Join(", ", sent.Results)}");
            sent.WithoutAnswer(now.Credited - simulation.Account.Credited, Scripts.HasCrashed);
        }
        var before = simulation.Changed(now, "");
        Rule.Holds(now.Spent == before.Spent, "A credit spends nothing", $"{before}, {now}");
    }
}
