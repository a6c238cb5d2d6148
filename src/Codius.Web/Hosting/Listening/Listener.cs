namespace Codius.Web.Hosting.Listening;

/// <summary>The port of a connection, set by Kestrel on the connection, so no header can change it.</summary>
internal sealed record Listener(string Name)
{
    public static Listener Visits { get; } = new("visits");

    public static Listener Redirect { get; } = new("redirect");

    public static Listener Management { get; } = new("management");

    public static Listener Webhooks { get; } = new("webhooks");
}
