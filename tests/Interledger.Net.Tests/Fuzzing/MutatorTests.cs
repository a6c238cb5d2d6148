namespace Interledger.Net.Tests.Fuzzing;

public sealed class MutatorTests
{
    /// <summary>Foreign vectors can make more seeds than there is room for beside them.</summary>
    [Theory]
    [InlineData(1)]
    [InlineData(511)]
    [InlineData(512)]
    [InlineData(600)]
    public void Valid_mutations_are_kept_beside_any_number_of_seeds_and_displace_none(int count)
    {
        var mutator = new Mutator(7, [.. Enumerable.Repeat(Filled(0x55), count)]);
        for (var i = 0; i < 2_000; i++) mutator.Keep(Filled(0xAB));

        var made = Enumerable.Range(0, 5_000).Select(_ => mutator.Next()).ToList();

        Assert.Contains(made, IsOf(0x55));
        Assert.Contains(made, IsOf(0xAB));
    }

    private static byte[] Filled(byte value) => [.. Enumerable.Repeat(value, 300)];

    private static Predicate<byte[]> IsOf(byte value) => bytes => bytes.Count(one => one == value) > 200;
}
