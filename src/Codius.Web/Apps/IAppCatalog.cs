namespace Codius.Web.Apps;

/// <summary>The apps that are hosted. A visit reads the snapshot and never waits for it.</summary>
internal interface IAppCatalog
{
    /// <summary>The apps as of now; replaced as a whole when something changes.</summary>
    AppSnapshot Current { get; }

    /// <summary>Raised after <see cref="Current"/> was replaced.</summary>
    event Action? Changed;
}
