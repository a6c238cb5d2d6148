namespace Codius.Web.Hosting.Listening;

/// <summary>A port of the gateway; <see cref="ClientConnection"/> has that of a connection.</summary>
internal sealed record Listener(string Name)
{
    public static Listener Visits { get; } = new("visits");

    public static Listener Redirect { get; } = new("redirect");

    public static Listener Management { get; } = new("management");

    public static Listener Webhooks { get; } = new("webhooks");
}
