namespace Codius.Web.SimulationTests.Checks;

/// <summary>A rule does not hold.</summary>
internal sealed class BrokenRuleException(string message, Exception? cause = null) : Exception(message, cause);
