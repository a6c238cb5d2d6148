namespace Interledger.Net.Tests.Fuzzing;

/// <summary>Decoders that read the same kind of input, and what must hold for every input.</summary>
/// <param name="Name">For the test's name.</param>
/// <param name="Covers">The decoders, as <c>Type.Method</c>.</param>
/// <param name="Seeds">Valid inputs, to be mutated.</param>
/// <param name="Check">Throws when a decoder crashes, or decode, encode, decode is not equal; says whether the input was valid.</param>
internal sealed record FuzzTarget(string Name, string[] Covers, byte[][] Seeds, Func<byte[], bool> Check);
