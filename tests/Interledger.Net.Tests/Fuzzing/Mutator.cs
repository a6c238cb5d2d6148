namespace Interledger.Net.Tests.Fuzzing;

/// <summary>
/// Makes odd input from valid input, the same for the same seed: bits, interesting bytes, lengths off by one, cuts, copies, splices.
/// </summary>
internal sealed class Mutator(int seed, IReadOnlyList<byte[]> seeds)
{
    private const int MaxLength = 4096, MaxCorpus = 512, LeastKept = 64;

    private static readonly byte[] Interesting =
        [0, 1, 2, 4, 8, 9, 16, 31, 32, 33, 58, 0x7F, 0x80, 0x81, 0x82, 0x83, 0x84, 0x88, 0x89, 0xFE, 0xFF, (byte)'.', (byte)'$'];

    private readonly int _maxCorpus = Math.Max(MaxCorpus, seeds.Count + LeastKept);
    private readonly Random _random = new(seed);
    private readonly List<byte[]> _corpus = [.. seeds];

    public byte[] Next()
    {
        var bytes = new List<byte>(Pick());
        for (var rounds = _random.Next(1, 6); rounds > 0; rounds--)
            Mutate(bytes);
        if (bytes.Count > MaxLength)
            bytes.RemoveRange(MaxLength, bytes.Count - MaxLength);
        return [.. bytes];
    }

    /// <summary>Mutations of valid input that are valid themselves lead deeper: they are mutated further.</summary>
    public void Keep(byte[] valid)
    {
        if (_corpus.Count < _maxCorpus)
            _corpus.Add(valid);
        else
            _corpus[_random.Next(seeds.Count, _maxCorpus)] = valid;
    }

    private byte[] Pick() => _corpus[_random.Next(_corpus.Count)];

    private void Mutate(List<byte> bytes)
    {
        if (bytes.Count == 0)
        {
            bytes.Add((byte)_random.Next(256));
            return;
        }

        var at = _random.Next(bytes.Count);
        switch (_random.Next(10))
        {
            case 0: bytes[at] ^= (byte)(1 << _random.Next(8)); break;
            case 1: bytes[at] = Interesting[_random.Next(Interesting.Length)]; break;
            case 2: bytes[at] = (byte)_random.Next(256); break;
            case 3: bytes[at]++; break;
            case 4: bytes[at]--; break;
            case 5: bytes.Insert(at, Interesting[_random.Next(Interesting.Length)]); break;
            case 6: bytes.RemoveRange(at, _random.Next(1, Math.Min(9, bytes.Count - at + 1))); break;
            case 7: bytes.RemoveRange(at, bytes.Count - at); break;
            case 8:
                var copied = bytes.GetRange(at, _random.Next(1, Math.Min(65, bytes.Count - at + 1)));
                bytes.InsertRange(_random.Next(bytes.Count), copied);
                break;
            default:
                var other = Pick();
                if (other.Length > 0)
                {
                    var from = _random.Next(other.Length);
                    bytes.RemoveRange(at, bytes.Count - at);
                    bytes.AddRange(other[from..]);
                }

                break;
        }
    }
}
