using System.Net.Sockets;
using Garnet;
using Garnet.server;
using Tsavorite.core;

namespace Codius.EmbeddedRedis;

/// <summary>
/// Redis inside the process (Garnet), for a gateway that has no Redis of its own. Every write is in the append-only file
/// before it is answered, and is read back at the next start. One process at a time may use a folder; its caller sees to that.
/// </summary>
public sealed class EmbeddedRedisServer : IDisposable
{
    // The system's limit for the address of a Unix socket is 108 bytes, on some 104.
    private const int LongestSocketPath = 100;

    private readonly GarnetServer _server;
    private readonly DirectoryInfo? _socketFolder;

    private EmbeddedRedisServer(GarnetServer server, string socketPath, DirectoryInfo? socketFolder)
    {
        _server = server;
        _socketFolder = socketFolder;
        SocketPath = socketPath;
    }

    /// <summary>The Unix socket it listens on; only the user who started it may open it.</summary>
    public string SocketPath { get; }

    /// <summary>Starts it on a folder and returns when all that is in the folder is recovered.</summary>
    /// <param name="folder">Where its files are; made if it is not there.</param>
    /// <param name="appendOnlyLimit">How large the append-only file may grow; then a checkpoint is made and the file is cut.</param>
    public static EmbeddedRedisServer Start(string folder, string appendOnlyLimit = "64m")
    {
        // Its files are the money of all accounts: for this user alone.
        if (OperatingSystem.IsWindows()) Directory.CreateDirectory(folder);
        else Directory.CreateDirectory(folder, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        var socket = Path.GetFullPath(Path.Combine(folder, "redis.sock"));
        // A deep folder: the socket lies in a private one of the system's instead.
        var elsewhere = socket.Length > LongestSocketPath ? Directory.CreateTempSubdirectory("codius-") : null;
        if (elsewhere is not null) socket = Path.Combine(elsewhere.FullName, "redis.sock");
        var server = new GarnetServer(Options(folder, socket, appendOnlyLimit));
        try
        {
            server.Start();
        }
        catch
        {
            server.Dispose(deleteDir: false);
            throw;
        }
        return new EmbeddedRedisServer(server, socket, elsewhere);
    }

    public void Dispose()
    {
        _server.Dispose(deleteDir: false);
        File.Delete(SocketPath);
        _socketFolder?.Delete();
    }

    private static GarnetServerOptions Options(string folder, string socket, string appendOnlyLimit) => new()
    {
        EndPoints = [new UnixDomainSocketEndPoint(socket)],
        UnixSocketPath = socket,
        UnixSocketPermission = UnixFileMode.UserRead | UnixFileMode.UserWrite,

        // A write is answered when it is in the append-only file.
        EnableAOF = true,
        CommitFrequencyMs = 0,
        WaitForCommit = true,
        AofMemorySize = "64m",
        AofPageSize = "8m",
        AofSegmentSize = "16m", // the file is cut by whole segments
        AofSizeLimit = appendOnlyLimit,
        Recover = true,
        FailOnRecoveryError = true,
        CheckpointDir = folder,

        // Accounts that do not fit into memory move to the disk; without this Garnet would forget them.
        EnableStorageTier = true,
        LogDir = folder,
        LogMemorySize = "256m",
        PageSize = "4m",
        IndexMemorySize = "16m",
        DeviceType = DeviceType.RandomAccess, // .NET's own files; the others need libraries of the system

        EnableLua = true,
        LuaTransactionMode = true,
        LuaOptions = new LuaOptions(),
        QuietMode = true,

        // A session waits for its commit on a thread of the pool; with as few as the machine has cores, the commit would
        // find none to run on until the pool grows, half a second later.
        ThreadPoolMinThreads = 32,
    };
}
