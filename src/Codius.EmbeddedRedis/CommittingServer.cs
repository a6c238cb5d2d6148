using System.Net;
using Garnet.networking;
using Garnet.server;

namespace Codius.EmbeddedRedis;

/// <summary>The engine's socket server, whose sessions answer through a <see cref="CommittingSender"/>.</summary>
internal sealed class CommittingServer(EndPoint endPoint, string socketPath, UnixFileMode permission)
    : GarnetServerTcp(endPoint, unixSocketPath: socketPath, unixSocketPermission: permission), IGarnetServer
{
    /// <summary>The store whose log is committed; set before the server is started.</summary>
    public StoreApi Store { get; set; } = null!;

    void IGarnetServer.Register(WireFormat wireFormat, ISessionProvider backendProvider) =>
        Register(wireFormat, new Sessions(backendProvider, Commit));

    /// <summary>Returns when all that was written so far is in the file; at once if it is.</summary>
    // Blocks the thread of the connection, as the engine's own wait does: the session's buffers are this thread's.
    private void Commit()
    {
        var commit = Store.CommitAOFAsync(CancellationToken.None);
        if (!commit.IsCompletedSuccessfully) commit.AsTask().GetAwaiter().GetResult();
    }

    /// <summary>The engine's sessions, on connections that commit.</summary>
    private sealed class Sessions(ISessionProvider sessions, Action commit) : ISessionProvider
    {
        public MaxSizeSettings GetMaxSizeSettings => sessions.GetMaxSizeSettings;

        public IMessageConsumer GetSession(WireFormat wireFormat, INetworkSender networkSender) =>
            sessions.GetSession(wireFormat, new CommittingSender(networkSender, commit));
    }
}
