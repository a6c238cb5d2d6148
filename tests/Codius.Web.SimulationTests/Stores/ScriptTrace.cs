using System.Text;
using Codius.Web.Balances.Storage;
using StackExchange.Redis;

namespace Codius.Web.SimulationTests.Stores;

/// <summary>The scripts of a run in their order: keys, arguments, answer, account after it. The same run is the same text.</summary>
internal sealed class ScriptTrace
{
    private readonly StringBuilder _text = new();

    public void Add(LedgerScript script, RedisKey[] keys, RedisValue[] arguments, RedisResult result)
    {
        _text.Append(script.Name);
        foreach (var key in keys) _text.Append(' ').Append((string)key!);
        foreach (var argument in arguments) _text.Append(" \"").Append((string?)argument).Append('"');
        Append(result[0]);
        // A store lists the fields of a hash in an order of its own.
        foreach (var field in ((RedisValue[])result[1]!).Chunk(2).Select(pair => $"{pair[0]}={pair[1]}").Order(StringComparer.Ordinal))
            _text.Append(' ').Append(field);
        Append(result[2]);
        Append(result[3]);
        Append(result[4]);
        _text.Append('\n');
    }

    public override string ToString() => _text.ToString();

    private void Append(RedisResult result)
    {
        if (result.Resp2Type != ResultType.Array)
        {
            _text.Append(" <").Append((string?)result).Append('>');
            return;
        }
        for (var i = 0; i < result.Length; i++) Append(result[i]);
    }
}
