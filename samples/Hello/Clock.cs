using System.Globalization;

namespace Hello;

/// <summary>A stream of server-sent events: the time of day, each second, until the visitor leaves or the app is stopped.</summary>
internal static class Clock
{
    public static async Task AnswerAsync(HttpContext context, TimeProvider time, IHostApplicationLifetime lifetime)
    {
        context.Response.ContentType = "text/event-stream";
        context.Response.Headers.CacheControl = "no-store";
        using var end = CancellationTokenSource.CreateLinkedTokenSource(context.RequestAborted, lifetime.ApplicationStopping);
        using var second = new PeriodicTimer(TimeSpan.FromSeconds(1), time);
        try
        {
            do
            {
                var now = time.GetUtcNow().ToString("HH:mm:ss", CultureInfo.InvariantCulture);
                await context.Response.WriteAsync($"data: {now} UTC\n\n", end.Token);
                await context.Response.Body.FlushAsync(end.Token);
            }
            while (await second.WaitForNextTickAsync(end.Token));
        }
        catch (OperationCanceledException)
        {
            // The stream just ends; a browser would connect again.
        }
    }
}
