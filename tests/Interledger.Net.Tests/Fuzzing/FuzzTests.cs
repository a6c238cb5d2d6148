using System.Diagnostics;
using System.Globalization;
using System.Reflection;

namespace Interledger.Net.Tests.Fuzzing;

/// <summary>
/// Mutates valid input for <c>INTERLEDGER_FUZZ_SECONDS</c> per target (1 by default) from the seed <c>INTERLEDGER_FUZZ_SEED</c> (the day's
/// by default). A failure prints seed and input; it becomes a test in <see cref="CrashTests"/>, byte by byte.
/// </summary>
public sealed class FuzzTests
{
    private static readonly string[] DecoderNames =
        ["TryRead", "TryParse", "TryOpen", "TryDecode", "TryVerify", "TryReceive", "PeekType", "IsValid"];

    public static TheoryData<string> Targets => [.. FuzzTargets.All.Select(target => target.Name)];

    [Theory]
    [MemberData(nameof(Targets))]
    public void No_input_breaks_a_decoder_and_what_is_read_is_what_is_written(string name)
    {
        var target = FuzzTargets.All.Single(target => target.Name == name);
        var duration = TimeSpan.FromSeconds(Setting("INTERLEDGER_FUZZ_SECONDS", 1));
        var seed = Setting("INTERLEDGER_FUZZ_SEED", TimeProvider.System.GetUtcNow().DayNumber());
        var mutator = new Mutator(seed, target.Seeds);
        var (clock, inputs, valid) = (Stopwatch.StartNew(), 0L, 0L);
        foreach (var input in target.Seeds)
            Try(input);
        while (clock.Elapsed < duration)
        {
            var input = mutator.Next();
            inputs++;
            if (!Try(input))
                continue;
            valid++;
            mutator.Keep(input);
        }

        TestContext.Current.TestOutputHelper?.WriteLine(
            $"{name}: {inputs} inputs, {valid} of them valid, seed {seed}, {duration.TotalSeconds} s");

        bool Try(byte[] input)
        {
            try
            {
                return target.Check(input);
            }
            catch (Exception broken)
            {
                throw new InvalidOperationException($"{name}, seed {seed}, input {Convert.ToHexStringLower(input)}", broken);
            }
        }
    }

    [Fact]
    public void Every_decoder_of_the_library_has_a_target()
    {
        var decoders = typeof(WireError).Assembly.GetExportedTypes()
            .SelectMany(type =>
                type.GetMethods(BindingFlags.Public | BindingFlags.Static | BindingFlags.Instance | BindingFlags.DeclaredOnly))
            .Where(method => DecoderNames.Any(name => method.Name.StartsWith(name, StringComparison.Ordinal)))
            .Select(method => $"{method.DeclaringType!.Name}.{method.Name}")
            .ToHashSet();
        var covered = FuzzTargets.All.SelectMany(target => target.Covers).ToHashSet();

        Assert.Empty(decoders.Except(covered));
        Assert.Empty(covered.Except(decoders));
    }

    private static int Setting(string name, int otherwise) =>
        int.TryParse(Environment.GetEnvironmentVariable(name), NumberStyles.None, CultureInfo.InvariantCulture, out var value)
            ? value
            : otherwise;
}

internal static class Days
{
    public static int DayNumber(this DateTimeOffset time) => DateOnly.FromDateTime(time.UtcDateTime).DayNumber;
}
