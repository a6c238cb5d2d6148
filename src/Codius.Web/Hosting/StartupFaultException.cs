namespace Codius.Web.Hosting;

/// <summary>
/// The gateway cannot start, for reasons its owner can fix; the program prints them without a stack trace and exits with 1.
/// </summary>
internal sealed class StartupFaultException(IReadOnlyList<string> faults, Exception? cause = null)
    : Exception(string.Join(Environment.NewLine, faults), cause)
{
    public StartupFaultException(string fault, Exception? cause = null) : this([fault], cause)
    {
    }

    public IReadOnlyList<string> Faults { get; } = faults;
}
