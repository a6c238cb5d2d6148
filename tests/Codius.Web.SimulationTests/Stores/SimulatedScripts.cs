using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Codius.Web.Balances;
using Codius.Web.Balances.Storage;
using Codius.Web.SimulationTests.Checks;
using StackExchange.Redis;

namespace Codius.Web.SimulationTests.Stores;

/// <summary>The ledger's real scripts on the simulation's clock; each returns the account as it is after it, too.</summary>
internal sealed class SimulatedScripts(RedisStore store, LedgerHealth health, StoreClock clock, SimulatedPrices prices)
    : LedgerScripts(store, health, SimulatedPrices.Kept, prices)
{
    /// <summary>
    /// What is less here, so that scenarios reach its end: how many leases that have ended an account lists; how long dust is kept, which
    /// is longer than all marks of payments and leases; the hours and days of the books, and how many of them are kept.
    /// </summary>
    private static readonly (string Usual, string Less)[] Less =
    [
        ("endedMost = 90000, 100", "endedMost = 90000, 1"),
        ("dustKeptAtLeastMs = 7776000000, 3600000", Text($"dustKeptAtLeastMs = {Dust.KeptMost}, {Dust.KeptLeast}")),
        ("hourMs, dayHours = 14, 3600000, 24", Text($"hourMs, dayHours = 14, {BookHours.HourLength}, {BookHours.OfDay}")),
        ("hoursKept, daysKept, movedAtOnce = 2160, 1826, 2",
            Text($"hoursKept, daysKept, movedAtOnce = {BookHours.HoursKept}, {BookHours.DaysKept}, 2")),
    ];

    private static readonly string Prelude = ReadPrelude();

    private readonly Dictionary<(string Script, string Mutation), (string Text, byte[] Hash)> _scripts = [];

    /// <summary>What is changed in the scripts; null: nothing.</summary>
    public ScriptMutation? Mutation { get; set; }

    /// <summary>The account after the last script that may change one.</summary>
    public AccountState Account { get; private set; } = AccountState.None;

    /// <summary>How long before its end a script may find that an account ends within it, in milliseconds; 0: never.</summary>
    public long EndsWithin { get; set; }

    /// <summary>The keys of accounts that have ended within a script, and whether it wrote them again with what they had.</summary>
    public Dictionary<string, bool> EndedWithin { get; } = new(StringComparer.Ordinal);

    /// <summary>All keys that scripts have used since this was cleared.</summary>
    public HashSet<RedisKey> Keys { get; } = [];

    /// <summary>How many scripts have run since this was set to 0.</summary>
    public int Count { get; set; }

    /// <summary>The error of a script; the ledger itself takes it for trouble of the store.</summary>
    public string? Error { get; set; }

    /// <summary>Writes down what each script was given and did; null: the run is not compared.</summary>
    public ScriptTrace? Trace { get; set; }

    /// <summary>What becomes of the next script; only of one that may.</summary>
    public ScriptFate Fate { get; set; }

    /// <summary>After how many more writes the store crashes, if that is its fate.</summary>
    public int CrashesAfter { get; set; }

    /// <summary>True if the store has crashed within the last script.</summary>
    public bool HasCrashed { get; private set; }

    /// <summary>A credit is under way until then; others of its account come together after it.</summary>
    public Task CreditsWaitFor { get; set; } = Task.CompletedTask;

    /// <summary>Additions to the books of the host whose accounts were read, to be run later; null: they run at once.</summary>
    public List<Action>? Postponed { get; set; }

    /// <summary>The key of the ends of an account and of what is beside it.</summary>
    public static RedisKey EndsOf(RedisKey account) => account.Append(":simulated");

    protected override async Task<RedisResult> EvaluateAsync(
        IDatabase database, LedgerScript script, RedisKey[] keys, RedisValue[] arguments)
    {
        if (script == LedgerScript.Credit) await CreditsWaitFor;
        if (script != LedgerScript.HostBooks || arguments.Length == 1 || Postponed is not { } postponed)
            return EvaluateByFate(database, script, keys, arguments);
        postponed.Add(() =>
        {
            (var fate, Fate, HasCrashed) = (Fate, ScriptFate.Arrives, false);
            Evaluate(database, script, keys, arguments, fate);
        });
        return RedisResult.Create([(RedisValue)"done", "0"]);
    }

    private RedisResult EvaluateByFate(IDatabase database, LedgerScript script, RedisKey[] keys, RedisValue[] arguments)
    {
        (var fate, Fate, HasCrashed) = (Fate, ScriptFate.Arrives, false);
        if (fate == ScriptFate.IsLost) throw new RedisException("The request was lost");
        if (fate == ScriptFate.IsRefused) throw new RedisServerException(RedisErrorKind.OutOfMemory, CommandFlags.None, "OOM simulated");
        var result = Evaluate(database, script, keys, arguments, fate);
        // A call may have several scripts: it crashes within the next one then, if there is one.
        if (fate == ScriptFate.Crashes && !HasCrashed) Fate = fate;
        return fate == ScriptFate.AnswerIsLost || HasCrashed ? throw new RedisException("The answer was lost") : result;
    }

    private RedisResult Evaluate(
        IDatabase database, LedgerScript script, RedisKey[] keys, RedisValue[] arguments, ScriptFate fate = ScriptFate.Arrives)
    {
        var accounts = script.IsShared ? keys.Where(key => BalanceKeys.TryReadAccount((string)key!, out _)) : keys.Take(1);
        RedisKey[] ends = [.. accounts.Select(EndsOf)];
        Keys.UnionWith(keys);
        Keys.UnionWith(ends);
        Count++;
        var (text, hash) = Find(script);
        RedisKey[] allKeys = [.. keys, .. ends];
        // Not if the script has another fate.
        var endsWithin = (script.ChangesAccount || script.IsShared) && fate == ScriptFate.Arrives ? EndsWithin : 0;
        RedisValue crashesAfter = fate == ScriptFate.Crashes ? CrashesAfter : "";
        RedisValue[] allArguments = [.. arguments, crashesAfter, endsWithin, ends.Length, clock.Now];
        try
        {
            RedisResult result;
            try
            {
                result = database.ScriptEvaluate(hash, allKeys, allArguments);
            }
            catch (RedisServerException unknown) when (unknown.Message.StartsWith("NOSCRIPT", StringComparison.Ordinal))
            {
                result = database.ScriptEvaluate(text, allKeys, allArguments);
            }
            if (script.ChangesAccount) Account = AccountState.Parse(result[1], (string)result[2]!);
            Trace?.Add(script, allKeys, allArguments, result);
            foreach (var end in ((string)result[3]!).Split(' ', StringSplitOptions.RemoveEmptyEntries))
                EndedWithin[end.Split('=')[0]] = end.EndsWith("=written", StringComparison.Ordinal);
            HasCrashed = (string?)result[4] == "1";
            if (fate == ScriptFate.Crashes) CrashesAfter -= (int)result[5];
            return result[0];
        }
        catch (RedisServerException error)
        {
            Error = $"{script.Name}: {error.Message}";
            throw;
        }
    }

    private (string Text, byte[] Hash) Find(LedgerScript script)
    {
        var key = (script.Name, Mutation?.Name ?? "");
        if (_scripts.TryGetValue(key, out var known)) return known;
        var body = Mutation?.Apply(script) ?? script.Text;
        foreach (var (usual, less) in Less) body = body.Replace(usual, less, StringComparison.Ordinal);
        body = body.Replace("redis.call(", "simulatedCall(", StringComparison.Ordinal);
        var after = script.ChangesAccount ? "redis.call('HGETALL', declared[1])" : "{}";
        var text = $$"""
            {{Prelude}}
            local function run()
            {{body}}
            end
            return { outcome(run), {{after}}, endOf(declared[1]), endings(), hasCrashed, writes }
            """;
        // Redis identifies scripts by SHA-1; no security depends on it.
#pragma warning disable CA5350
        return _scripts[key] = (text, SHA1.HashData(Encoding.UTF8.GetBytes(text)));
#pragma warning restore CA5350
    }

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);

    private static string ReadPrelude()
    {
        using var stream = typeof(SimulatedScripts).Assembly.GetManifestResourceStream("simulated.lua")!;
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd();
    }
}
