namespace Codius.Web.Hosting;

/// <summary>
/// The gateway cannot start, for causes its owner can mend; the program prints them without a stack trace and ends with 1.
/// </summary>
internal sealed class StartupFaultException(IReadOnlyList<string> faults, Exception? cause = null)
    : Exception(string.Join(Environment.NewLine, faults), cause)
{
    public StartupFaultException(string fault, Exception? cause = null) : this([fault], cause)
    {
    }

    public IReadOnlyList<string> Faults { get; } = faults;
}
