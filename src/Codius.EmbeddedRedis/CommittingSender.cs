using Garnet.networking;

namespace Codius.EmbeddedRedis;

/// <summary>A connection on which an answer leaves when what was written before it is in the append-only file.</summary>
/// <remarks>
/// The engine's own WaitForCommit waits after each command of a script too, since a script runs its commands in a session of its own: six
/// waits for one credit. Here all commands of a script, and of a pipeline that arrived together, share the one wait before their answers.
/// A crash before it: the caller has no answer, and any first part of what was written is recovered, as with the engine's own.
/// </remarks>
internal sealed unsafe class CommittingSender(INetworkSender sender, Action commit) : INetworkSender
{
    public MaxSizeSettings GetMaxSizeSettings => sender.GetMaxSizeSettings;

    public string RemoteEndpointName => sender.RemoteEndpointName;

    public string LocalEndpointName => sender.LocalEndpointName;

    public bool SendResponse(int offset, int size)
    {
        // If it fails, the session ends its connection: the answer never leaves.
        commit();
        return sender.SendResponse(offset, size);
    }

    public void SendResponse(byte[] buffer, int offset, int count, object context)
    {
        commit();
        sender.SendResponse(buffer, offset, count, context);
    }

    public bool IsLocalConnection() => sender.IsLocalConnection();

    public void Enter() => sender.Enter();

    public void EnterAndGetResponseObject(out byte* head, out byte* tail) => sender.EnterAndGetResponseObject(out head, out tail);

    public void Exit() => sender.Exit();

    public void ExitAndReturnResponseObject() => sender.ExitAndReturnResponseObject();

    public void GetResponseObject() => sender.GetResponseObject();

    public void ReturnResponseObject() => sender.ReturnResponseObject();

    public byte* GetResponseObjectHead() => sender.GetResponseObjectHead();

    public byte* GetResponseObjectTail() => sender.GetResponseObjectTail();

    public void SendCallback(object context) => sender.SendCallback(context);

    public void DisposeNetworkSender(bool waitForSendCompletion) => sender.DisposeNetworkSender(waitForSendCompletion);

    public void Throttle() => sender.Throttle();

    public bool TryClose() => sender.TryClose();

    public void Dispose() => sender.Dispose();
}
