using System.Globalization;
using Microsoft.Extensions.Options;

namespace Codius.Web.Visits.AccessLog;

/// <summary>Where the access log goes: the standard output, or a file that is renamed when it is full. One caller at a time.</summary>
internal sealed class AccessLogOutput(IOptions<AccessLogOptions> options) : IAsyncDisposable
{
    private Stream? _stream;

    public async Task WriteAsync(ReadOnlyMemory<byte> lines)
    {
        var file = options.Value.File;
        if (file is not null && _stream is { } full && full.Length + lines.Length > options.Value.MaxFileSize && full.Length > 0)
        {
            await DisposeAsync();
            Rename(file);
        }
        _stream ??= file is null ? Console.OpenStandardOutput() : Open(file);
        try
        {
            await _stream.WriteAsync(lines);
            await _stream.FlushAsync();
        }
        catch
        {
            // Opened anew next time: the disk may have room then, or another file system be mounted.
            await DisposeAsync();
            throw;
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (_stream is not { } stream) return;
        _stream = null;
        await stream.DisposeAsync();
    }

    // Appended, and shared with programs that read it or delete it.
    private static FileStream Open(string file) =>
        new(file, FileMode.Append, FileAccess.Write, FileShare.ReadWrite | FileShare.Delete, bufferSize: 0, useAsync: false);

    private void Rename(string file)
    {
        for (var number = options.Value.KeptFiles; number > 0; number--)
        {
            var from = number == 1 ? file : Numbered(file, number - 1);
            if (File.Exists(from)) File.Move(from, Numbered(file, number), overwrite: true);
        }
        if (options.Value.KeptFiles == 0) File.Delete(file);
    }

    private static string Numbered(string file, int number) => string.Create(CultureInfo.InvariantCulture, $"{file}.{number}");
}
