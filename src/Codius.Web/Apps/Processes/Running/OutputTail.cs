namespace Codius.Web.Apps.Processes.Running;

/// <summary>Keeps the last lines a process wrote, in bounded memory however much it writes and however long its lines are.</summary>
internal sealed class OutputTail
{
    private const int MostLines = 20;
    private const int LongestLine = 400;

    private readonly Queue<string> _lines = new();
    private readonly Lock _lock = new();

    public override string ToString()
    {
        lock (_lock) return string.Join('\n', _lines);
    }

    /// <summary>Reads to the end, passes on each line, and never fails: a process whose output is not read would block.</summary>
    public async Task ReadAsync(StreamReader output, Action<string> onLine)
    {
        var buffer = new char[1024];
        var line = new List<char>(LongestLine);
        try
        {
            for (int read; (read = await output.ReadAsync(buffer)) > 0;)
            {
                foreach (var character in buffer.AsSpan(0, read))
                {
                    if (character == '\n') EndLine(line, onLine);
                    else if (line.Count < LongestLine && !char.IsControl(character)) line.Add(character);
                }
            }
        }
        catch (IOException)
        {
            // The pipe broke with its process: there is no more to read.
        }
        if (line.Count > 0) EndLine(line, onLine);
    }

    private void EndLine(List<char> line, Action<string> onLine)
    {
        var text = new string([.. line]);
        line.Clear();
        lock (_lock)
        {
            if (_lines.Count == MostLines) _lines.Dequeue();
            _lines.Enqueue(text);
        }
        onLine(text);
    }
}
