using Microsoft.Extensions.Options;

namespace Codius.Web.Hosting;

/// <summary>The folder of the embedded parts' files, locked by one gateway at a time.</summary>
internal sealed class DataFolder : IDisposable
{
    private readonly FileStream _lock;

    /// <exception cref="StartupFaultException">The folder cannot be written, or another gateway holds it.</exception>
    public DataFolder(IOptions<GatewayOptions> gateway)
    {
        Path = System.IO.Path.GetFullPath(gateway.Value.DataFolder);
        try
        {
            MakePrivate(Path);
        }
        catch (Exception denied) when (denied is IOException or UnauthorizedAccessException)
        {
            throw new StartupFaultException($"Gateway:DataFolder: cannot make the folder {Path}: {denied.Message}", denied);
        }
        var file = System.IO.Path.Combine(Path, "lock");
        try
        {
            // The operating system releases this lock with the process, however it ends.
            _lock = new FileStream(file, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
        }
        catch (UnauthorizedAccessException denied)
        {
            throw new StartupFaultException($"Gateway:DataFolder: cannot write in {Path}: {denied.Message}", denied);
        }
        catch (IOException taken)
        {
            throw new StartupFaultException(
                $"Gateway:DataFolder: another gateway is using {Path}. Stop it, or give this one a folder of its own "
                    + "(--Gateway:DataFolder=...).", taken);
        }
    }

    /// <summary>The folder's full path.</summary>
    public string Path { get; }

    /// <summary>A secret text in a file that only the gateway's user can read; created on first use.</summary>
    /// <exception cref="StartupFaultException">The file cannot be read or written.</exception>
    public string ReadOrMakeSecret(string name, Func<string> make)
    {
        var file = System.IO.Path.Combine(Path, name);
        try
        {
            if (File.Exists(file)) return File.ReadAllText(file).Trim();
            var text = make();
            // Written to a temporary file and moved: a crash in between leaves no partial secret for the next start.
            var aside = file + ".new";
            var options = new FileStreamOptions { Mode = FileMode.Create, Access = FileAccess.Write };
            if (!OperatingSystem.IsWindows()) options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
            using (var writer = new StreamWriter(aside, options)) writer.WriteLine(text);
            File.Move(aside, file);
            return text;
        }
        catch (Exception denied) when (denied is IOException or UnauthorizedAccessException)
        {
            throw new StartupFaultException($"Gateway:DataFolder: cannot read or write {file}: {denied.Message}", denied);
        }
    }

    public void Dispose() => _lock.Dispose();

    /// <summary>For the gateway's user alone, also one that was made by an earlier version.</summary>
    private static void MakePrivate(string path)
    {
        if (OperatingSystem.IsWindows())
        {
            Directory.CreateDirectory(path);
            return;
        }
        const UnixFileMode OwnersOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;
        Directory.CreateDirectory(path, OwnersOnly);
        var mode = File.GetUnixFileMode(path);
        // One with a sticky bit is a folder that many users share, such as /tmp.
        if (mode == OwnersOnly || mode.HasFlag(UnixFileMode.StickyBit)) return;
        try
        {
            File.SetUnixFileMode(path, OwnersOnly);
        }
        catch (UnauthorizedAccessException)
        {
            // A volume that the system made and this user may write: what is in it is this user's.
        }
    }
}
