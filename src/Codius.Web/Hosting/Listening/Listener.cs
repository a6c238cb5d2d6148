namespace Codius.Web.Hosting.Listening;

/// <summary>The port a connection came in by. Put on the connection by Kestrel, so no header can change it.</summary>
internal sealed record Listener(string Name)
{
    public static Listener Visits { get; } = new("visits");

    public static Listener Management { get; } = new("management");

    public static Listener Webhooks { get; } = new("webhooks");
}
