using Codius.Web.Hosting;

namespace Codius.Web.Apps.Processes.Running;

/// <summary>
/// Notes under the data folder which processes run, so that the next start ends what a killed gateway left behind.
/// The folder is held by one gateway at a time, so at the start every note is an orphan's; a process that merely
/// got the same id since is told apart by its <see cref="ProcessIdentity"/> and left alone.
/// </summary>
internal sealed class PidFiles(DataFolder data)
{
    private readonly string _folder = Path.Combine(data.Path, "processes");

    /// <summary>
    /// A gateway killed between the start of a process and this note leaves an orphan, unless the system ends it with its parent (see
    /// <see cref="ProcessStarter"/>).
    /// </summary>
    public void Write(int pid)
    {
        // First: one that ended already leaves no note, but is erased like all others.
        Directory.CreateDirectory(_folder);
        if (ProcessIdentity.Of(pid) is not { } process) return;
        File.WriteAllLines(FileOf(pid), [$"{process.Pid}", process.Start]);
    }

    public void Delete(int pid) => File.Delete(FileOf(pid));

    /// <summary>Ends what an earlier gateway left running; returns the ids.</summary>
    public IReadOnlyList<int> EndOrphans()
    {
        if (!Directory.Exists(_folder)) return [];
        var ended = new List<int>();
        foreach (var file in Directory.EnumerateFiles(_folder))
        {
            // Half a note was written by a gateway that died right then.
            if (File.ReadAllLines(file) is [var id, var start] && int.TryParse(id, out var pid) && new ProcessIdentity(pid, start).IsAlive)
            {
                Signals.Kill(pid);
                ended.Add(pid);
            }
            File.Delete(file);
        }
        return ended;
    }

    private string FileOf(int pid) => Path.Combine(_folder, $"{pid}.pid");
}
