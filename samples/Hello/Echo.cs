using System.Net.WebSockets;

namespace Hello;

/// <summary>A WebSocket that echoes every message, until either side closes or the app is stopped.</summary>
internal static class Echo
{
    public static async Task AnswerAsync(HttpContext context, IHostApplicationLifetime lifetime)
    {
        if (!context.WebSockets.IsWebSocketRequest)
        {
            context.Response.StatusCode = StatusCodes.Status426UpgradeRequired;
            context.Response.Headers.Upgrade = "websocket";
            return;
        }
        using var socket = await context.WebSockets.AcceptWebSocketAsync();
        // A receive that is cancelled aborts the socket; the close has to be sent while it still waits.
        using var ending = lifetime.ApplicationStopping.Register(() => _ = CloseAsync(socket));
        var buffer = new byte[4096];
        try
        {
            while (true)
            {
                var message = await socket.ReceiveAsync(buffer.AsMemory(), context.RequestAborted);
                if (message.MessageType == WebSocketMessageType.Close) break;
                await socket.SendAsync(buffer.AsMemory(0, message.Count),
                    message.MessageType, message.EndOfMessage, context.RequestAborted);
            }
            if (socket.State == WebSocketState.CloseReceived)
                await socket.CloseOutputAsync(WebSocketCloseStatus.NormalClosure, null, context.RequestAborted);
        }
        catch (Exception left) when (left is WebSocketException or OperationCanceledException)
        {
            // The visitor has left.
        }
    }

    /// <summary>Closes with 1001 (going away); the browser may connect again, which wakes the app.</summary>
    private static async Task CloseAsync(WebSocket socket)
    {
        try
        {
            await socket.CloseOutputAsync(WebSocketCloseStatus.EndpointUnavailable, "The app is put to sleep", CancellationToken.None);
        }
        catch (Exception left) when (left is WebSocketException or ObjectDisposedException or InvalidOperationException)
        {
            // Closed already.
        }
    }
}
